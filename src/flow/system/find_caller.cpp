#include "flow/system/find_caller.hpp"

#include <utility>

#include "base/words.hpp"
#include "flow/grant/look_at_token.hpp"
#include "flow/resource/find_access.hpp"
#include "flow/token/access_token.hpp"

namespace flow {
namespace {

constexpr audit::Code bad_token = "bad_token";
constexpr audit::Code revoked = "token_revoked";

audit::Code reason_of(const TokenLook& look) {
  if (look.is_over) return revoked;
  if (!look.is_known) return bad_token;
  return look.refusal ? audit::Code(*look.refusal) : audit::Code();
}

base::Result<Caller> find_bearer(const House& house, store::Tx& tx, const std::optional<AccessToken>& token,
                                 std::string_view scope, const RequestFacts& facts) {
  Caller caller;
  const std::string api = find_api_identifier(house);
  if (!token) {
    caller.reason = bad_token;
    return caller;
  }
  if (!is_for(*token, api)) {
    caller.reason = "wrong_audience";
    return caller;
  }
  ASSIGN_OR_RETURN(TokenLook bearer, look_at_token(house, tx, *token, facts.ip, facts.now));
  caller.client = std::move(bearer.client);
  if (bearer.grant && bearer.account) caller.account = bearer.account->id;
  caller.reason = reason_of(bearer);
  if (!caller.reason.empty() || !caller.client) return caller;
  const auto* account = bearer.account ? &*bearer.account : nullptr;
  const auto* context = bearer.context ? &*bearer.context : nullptr;
  ASSIGN_OR_RETURN(const Access access, find_access(house, tx, {*caller.client, account, context, api, token->scope}));
  const bool is_granted = access.refused.empty() && base::has_word(access.scope, scope);
  if (!is_granted || !base::has_word(token->scope, scope)) {
    caller.reason = "scope_missing";
    caller.lacks_scope = true;
  }
  return caller;
}

}  // namespace

ReadProof read_proof(const House& house, const CallerProof& proof, base::Time now) {
  if (const auto* token = std::get_if<BearerToken>(&proof)) return read_access_token(house, token->value, now);
  return std::get<ClientCredentials>(proof);
}

base::Result<Caller> find_caller(const House& house, store::Tx& tx, const ReadProof& proof, std::string_view scope,
                                 const RequestFacts& facts) {
  if (const auto* token = std::get_if<std::optional<AccessToken>>(&proof)) {
    return find_bearer(house, tx, *token, scope, facts);
  }
  ASSIGN_OR_RETURN(AuthenticatedClient found,
                   authenticate_client(house, tx, std::get<ClientCredentials>(proof), facts.now));
  if (found.reason.empty() && found.client->auth == rights::ClientAuth::none) found.reason = "no_secret_given";
  return Caller{std::move(found.client), found.reason, false};
}

}  // namespace flow
