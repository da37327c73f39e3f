#include "flow/registration/rotate_own_secret.hpp"

#include <utility>

#include "audit/event.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

/// Why the secret of an authenticated client does not rotate; "" = it does. Only the newest one, which stands first,
/// may: who has found the one before it would otherwise outlive the rotation that was to shut them out.
audit::Code find_rotation_flaw(const House& house, const rights::Client& client, const base::Secret& secret) {
  if (client.auth != rights::ClientAuth::secret || client.secrets.empty()) return "no_secret_given";
  for (const base::Bytes& hash : hashes_of_client_secret(house, secret)) {
    if (base::equal_in_constant_time(client.secrets.front().hash, hash)) return {};
  }
  return "older_secret";
}

}  // namespace

base::Result<std::optional<OwnSecret>> rotate_own_secret(const House& house, const ClientCredentials& credentials,
                                                         bool keeps_old, const RequestFacts& facts) {
  using Outcome = std::optional<OwnSecret>;
  return house.store.write([&](store::Tx& tx) -> base::Result<Outcome> {
    ASSIGN_OR_RETURN(AuthenticatedClient caller, authenticate_client(house, tx, credentials, facts.now));
    const audit::Code reason =
        caller.reason.empty() ? find_rotation_flaw(house, *caller.client, credentials.secret) : caller.reason;
    if (!reason.empty()) {
      RETURN_IF_ERROR(record_foreign_refusal(
          house, tx, {caller.client ? &*caller.client : nullptr, audit::type::token_refusal, reason}, facts));
      return Outcome();
    }
    OwnSecret made{make_client_secret(), std::nullopt};
    std::vector<rights::ClientSecret> secrets{{hash_client_secret(house, made.secret), std::nullopt, facts.now}};
    if (keeps_old) {
      rights::ClientSecret old = caller.client->secrets.front();
      const base::Time until = facts.now + own_secret_kept;
      if (!old.not_after || *old.not_after > until) old.not_after = until;
      made.old_until = old.not_after;
      secrets.push_back(std::move(old));
    }
    rights::Client client = *caller.client;
    client.secrets = std::move(secrets);
    RETURN_IF_ERROR(store::update_client(tx, client, facts.now));
    audit::Event event = make_event(audit::type::client_change, client.tenant_id, facts,
                                    {{"fields", "secret"}, {"old_until", made.old_until}});
    event.client = client.client_id;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return Outcome(std::move(made));
  });
}

}  // namespace flow
