#include "flow/grant/token_facts.hpp"

#include <algorithm>
#include <utility>

#include "audit/event.hpp"
#include "base/words.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/session/subject.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

bool includes_words(std::string_view all, std::string_view some) {
  bool is_part = true;
  base::for_each_word(some, [&](std::string_view word) { is_part = is_part && base::has_word(all, word); });
  return is_part;
}

}  // namespace

base::Result<std::variant<TokenFacts, OAuthRefusal>> find_token_facts(const House& house, store::Tx& tx,
                                                                      Issuance issuance, const store::Grant& grant,
                                                                      const TokenWish& wish) {
  using Outcome = std::variant<TokenFacts, OAuthRefusal>;
  if (!includes_words(grant.scope, wish.scope)) {
    return Outcome(OAuthRefusal{OAuthError::invalid_scope, "scope is more than was granted"});
  }
  ASSIGN_OR_RETURN(const auto resource,
                   narrow_resource(house, tx, *issuance.client, {grant.resource, grant.scope}, wish.resource));
  if (!resource) return Outcome(OAuthRefusal{OAuthError::invalid_target, "the resource was not granted"});
  TokenFacts facts{*issuance.clearance, std::move(*issuance.account), std::move(*issuance.client),
                   std::move(*issuance.context), grant};
  if (facts.client.is_pairwise && find_sector(facts.client).empty()) {
    return Outcome(OAuthRefusal{OAuthError::unauthorized_client, "a pairwise client needs one sector"});
  }
  ASSIGN_OR_RETURN(facts.subject, find_subject(tx, facts.client, facts.account.id, grant.created_at));
  const std::string scope = keep_registered(facts.client, wish.scope.empty() ? grant.scope : wish.scope);
  if (scope.empty()) return Outcome(OAuthRefusal{OAuthError::invalid_scope, "no scope that this client may have"});
  ASSIGN_OR_RETURN(Access access,
                   find_access(house, tx, {facts.client, &facts.account, &facts.context, *resource, scope}));
  if (!access.refused.empty()) {
    return Outcome(OAuthRefusal{OAuthError::invalid_target, "the resource cannot be reached any more"});
  }
  facts.access = make_access(house, std::move(access), !resource->empty());
  return Outcome(std::move(facts));
}

TokenAccess make_access(const House& house, Access access, bool names_resource) {
  const std::string& issuer = house.settings.site.issuer;
  TokenAccess made;
  const bool for_userinfo = !names_resource && base::has_word(access.scope, "openid");
  if ((for_userinfo || access.audiences.empty()) &&
      std::find(access.audiences.begin(), access.audiences.end(), issuer) == access.audiences.end()) {
    access.audiences.insert(access.audiences.begin(), issuer);
  }
  made.scope = std::move(access.scope);
  made.audience = base::join(access.audiences, " ");
  made.permissions = std::move(access.permissions);
  made.roles = std::move(access.roles);
  return made;
}

base::Result<void> record_tokens(store::Tx& tx, const TokenFacts& facts, const RequestFacts& request) {
  audit::Event event = make_event(audit::type::token_issue, facts.account, request,
                                  {{"grant", facts.grant.id}, {"scope", audit::Value::registered(facts.access.scope)}});
  event.actor = facts.account.id;
  event.client = facts.client.client_id;
  event.session = facts.grant.session_id;
  event.context = facts.context.key;
  return store::append_event(tx, std::move(event));
}

}  // namespace flow
