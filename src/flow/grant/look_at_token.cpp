#include "flow/grant/look_at_token.hpp"

#include <utility>

#include "base/time.hpp"
#include "flow/grant/client_credentials.hpp"
#include "flow/session/subject.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/revoked_tokens.hpp"

namespace flow {
namespace {

base::Result<void> look_at_grant(const House& house, store::Tx& tx, const base::Id& grant_id, TokenLook& look,
                                 base::Time now) {
  ASSIGN_OR_RETURN(look.grant, store::find_grant(tx, grant_id));
  if (!look.grant) return {};
  ASSIGN_OR_RETURN(look.client, store::find_client(tx, look.grant->client_id));
  look.is_known = look.client.has_value();
  look.is_over = look.is_over || look.grant->revoked_at || !look.grant->redeemed_at;
  if (!look.is_known || look.is_over) return {};
  ASSIGN_OR_RETURN(Issuance issuance, find_issuance(house, tx, *look.grant, look.client, now));
  look.refusal = issuance.refusal;
  look.account = std::move(issuance.account);
  look.context = std::move(issuance.context);
  return {};
}

/// Whether the token was issued to the client that has its name now, and to the identity that the client is now: a name
/// is free again when its client is deleted, and a client may be given to another account.
bool is_of(const AccessToken& token, const rights::Client& client) {
  const bool is_older = base::to_seconds(token.issued_at) < base::to_seconds(client.created_at);
  return !is_older && token.subject == find_subject_of_machine(client);
}

base::Result<void> look_at_owner(store::Tx& tx, const AccessToken& token, std::optional<std::string_view> ip,
                                 TokenLook& look, base::Time now) {
  ASSIGN_OR_RETURN(look.client, store::find_client(tx, std::string_view(token.client_id)));
  if (look.client && !is_of(token, *look.client)) look.client.reset();
  look.is_known = look.client.has_value();
  if (!look.is_known || look.is_over) return {};
  ASSIGN_OR_RETURN(MachineLook machine, look_at_machine(tx, *look.client, token.context, ip.value_or(""), now));
  look.refusal = machine.refusal;
  if (!ip && look.refusal == rights::Refusal::outside_network) look.refusal.reset();
  look.account = std::move(machine.account);
  look.context = std::move(machine.context);
  return {};
}

}  // namespace

base::Result<TokenLook> look_at_token(const House& house, store::Tx& tx, const AccessToken& token,
                                      std::optional<std::string_view> ip, base::Time now) {
  TokenLook look;
  ASSIGN_OR_RETURN(look.is_over, store::is_token_revoked(tx, token.jti));
  if (token.grant_id) {
    RETURN_IF_ERROR(look_at_grant(house, tx, *token.grant_id, look, now));
  } else {
    RETURN_IF_ERROR(look_at_owner(tx, token, ip, look, now));
  }
  return look;
}

}  // namespace flow
