#include "flow/grant/revoke_token.hpp"

#include <utility>

#include "audit/event.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/admit_client.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/token/access_token.hpp"
#include "flow/token/refresh_token.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/grants.hpp"
#include "store/oauth/revoked_tokens.hpp"

namespace flow {
namespace {

constexpr OAuthRefusal foreign_token{OAuthError::unauthorized_client, "the token was issued to another client"};

struct Asked {
  const House& house;
  store::Tx& tx;
  const rights::Client& client;
  const RequestFacts& facts;
};
using Refusal = std::optional<OAuthRefusal>;

base::Result<Refusal> refuse(const Asked& is) {
  RETURN_IF_ERROR(record_foreign_refusal(
      is.house, is.tx, {&is.client, audit::type::token_refusal, "token_of_another_client"}, is.facts));
  return Refusal(foreign_token);
}

base::Result<void> record(const Asked& is, audit::Code what, const store::Grant* grant) {
  audit::Event event = grant != nullptr
                           ? make_event(audit::type::token_revoke, {is.client.tenant_id, grant->account_id}, is.facts,
                                        {{"what", what}, {"grant", grant->id}})
                           : make_event(audit::type::token_revoke, is.client.tenant_id, is.facts, {{"what", what}});
  event.client = is.client.client_id;
  if (grant != nullptr) event.session = grant->session_id;
  return store::append_event(is.tx, std::move(event));
}

base::Result<Refusal> revoke_refresh_token(const Asked& is, const RefreshToken& token) {
  ASSIGN_OR_RETURN(const auto grant, store::find_grant(is.tx, token.grant_id));
  if (!grant) return Refusal();
  if (grant->client_id != is.client.id) return refuse(is);
  if (grant->revoked_at) return Refusal();
  RETURN_IF_ERROR(store::revoke_grant(is.tx, grant->id, is.facts.now));
  RETURN_IF_ERROR(record(is, "refresh_token", &*grant));
  return Refusal();
}

base::Result<Refusal> revoke_access_token(const Asked& is, const AccessToken& token) {
  if (token.client_id != is.client.client_id) return refuse(is);
  std::optional<store::Grant> grant;
  if (token.grant_id) {
    ASSIGN_OR_RETURN(grant, store::find_grant(is.tx, *token.grant_id));
  }
  ASSIGN_OR_RETURN(const bool is_first, store::revoke_token(is.tx, token.jti, token.expires_at));
  if (is_first) RETURN_IF_ERROR(record(is, "access_token", grant ? &*grant : nullptr));
  return Refusal();
}

}  // namespace

base::Result<Revocation> revoke_token(const House& house, const TokenQuestion& question, const RequestFacts& facts) {
  const auto access = read_access_token(house, question.token, facts.now);
  const auto refresh = access ? std::nullopt : parse_refresh_token(house, question.token);
  return house.store.write([&](store::Tx& tx) -> base::Result<Revocation> {
    ASSIGN_OR_RETURN(AdmittedClient admitted, admit_client(house, tx, question.client, facts));
    Revocation answer{std::move(admitted.client), admitted.refusal};
    if (answer.refusal) return answer;
    const Asked asked{house, tx, *answer.client, facts};
    if (access) {
      ASSIGN_OR_RETURN(answer.refusal, revoke_access_token(asked, *access));
    } else if (refresh) {
      ASSIGN_OR_RETURN(answer.refusal, revoke_refresh_token(asked, *refresh));
    }
    return answer;
  });
}

}  // namespace flow
