#include "flow/client/authenticate_client.hpp"

#include "base/time.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/client/client_assertion.hpp"
#include "rights/account_flaw.hpp"
#include "store/account/accounts.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

audit::Code find_reason(const rights::Client& client, const ClientCredentials& credentials,
                        const std::vector<base::Bytes>& hashes, base::Time now) {
  if (client.auth == rights::ClientAuth::none)
    return credentials.method == ClientMethod::none ? audit::Code() : audit::Code("no_secret_expected");
  if (credentials.method == ClientMethod::none) return "no_secret_given";
  if (!rights::accepts(client, credentials.method)) return "other_auth_method";
  if (credentials.method == ClientMethod::assertion) return {};
  bool right = false;
  for (const rights::ClientSecret& slot : client.secrets) {
    for (const base::Bytes& hash : hashes) {
      const bool equal = base::equal_in_constant_time(slot.hash, hash);
      right = right || (equal && (!slot.not_after || now < *slot.not_after));
    }
  }
  return right ? audit::Code() : audit::Code("wrong_secret");
}

}  // namespace

base::Result<std::optional<identity::Account>> find_owner(store::Tx& tx, const rights::Client& client) {
  if (!client.account_id) return std::optional<identity::Account>();
  return store::find_account(tx, *client.account_id);
}

base::Result<audit::Code> find_flaw_of_client(store::Tx& tx, const rights::Client& client, base::Time now) {
  ASSIGN_OR_RETURN(const auto owner, find_owner(tx, client));
  const auto flaw = rights::find_flaw_of_client(&client, owner ? &*owner : nullptr, now);
  return flaw ? audit::Code(*flaw) : audit::Code();
}

base::Result<AuthenticatedClient> authenticate_client(const House& house, store::Tx& tx,
                                                      const ClientCredentials& credentials, base::Time now) {
  const std::vector<base::Bytes> hashes = hashes_of_client_secret(house, credentials.secret);
  AuthenticatedClient found;
  ASSIGN_OR_RETURN(found.client, store::find_client(tx, std::string_view(credentials.client_id)));
  if (!found.client) {
    found.reason = "unknown_client";
    return found;
  }
  ASSIGN_OR_RETURN(found.reason, find_flaw_of_client(tx, *found.client, now));
  if (found.reason.empty()) found.reason = find_reason(*found.client, credentials, hashes, now);
  if (found.reason.empty() && credentials.method == ClientMethod::assertion) {
    ASSIGN_OR_RETURN(found.reason, judge_client_assertion(house, tx, *found.client, credentials.assertion, now));
  }
  return found;
}

base::Result<void> note_use(store::Tx& tx, const rights::Client& client, base::Time now) {
  constexpr base::Duration hour = std::chrono::hours(1);
  if (client.last_used_at && now - *client.last_used_at < hour) return {};
  return store::set_last_use(tx, client.id, now);
}

}  // namespace flow
