#include "flow/registration/administer_tokens.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/words.hpp"
#include "flow/house/check_title.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "rights/client.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_shown = 200;
constexpr std::size_t longest_name = 100;

base::Result<void> check(const TokenWishes& wishes) {
  const auto bad = [](std::string why) { return base::fail(base::Code::invalid_input, std::move(why)); };
  RETURN_IF_ERROR(check_token_name(wishes.name));
  if (wishes.uses && (*wishes.uses < 1 || *wishes.uses > most_uses)) {
    return bad("a token counts 1 to " + std::to_string(most_uses) + " times, or any number");
  }
  if (wishes.lasts <= base::Duration(0) || wishes.lasts > longest_token) {
    return bad("a token lasts for more than no time and at most 365 days");
  }
  if (wishes.kind == TokenKind::personal && wishes.scopes.empty()) {
    return bad("a personal token has one or several of the scopes sign, verify and timestamp");
  }
  for (const std::string& scope : wishes.scopes) {
    const bool is_known = wishes.kind == TokenKind::personal ? is_personal_scope(scope) : rights::is_served(scope);
    if (!is_known) return bad("unknown scope " + scope);
  }
  if ((wishes.kind == TokenKind::personal) == wishes.account.empty()) {
    return bad("a personal token belongs to an account, and an initial one does not");
  }
  return {};
}

std::string_view state_of(const store::ApiToken& token, base::Time now) {
  if (token.revoked_at) return "revoked";
  return find_flaw(token, now).empty() ? "valid" : "over";
}

}  // namespace

base::Result<void> check_token_name(std::string_view name) {
  const bool is_line = base::is_utf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
                         return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                       });
  if (!name.empty() && is_line && base::count_code_points(name) <= longest_name) return {};
  return base::fail(base::Code::invalid_input, "name: 1 to 100 characters in one line");
}

ShownToken show_token(const store::ApiToken& token, base::Time now) {
  return {token.id,         token.kind,       std::string(state_of(token, now)),
          token.name,       token.scopes,     token.uses_left,
          token.created_at, token.expires_at, token.last_used_at,
          token.revoked_at};
}

base::Result<void> record_token_change(store::Tx& tx, const rights::Actor& actor, const store::ApiToken& token,
                                       audit::Code change, const RequestFacts& facts) {
  const auto kind = token.kind == "initial" ? audit::Code("initial") : audit::Code("personal");
  // What people call a token of their own is no name of the installation, and can be erased.
  const bool is_own = token.account_id.has_value();
  audit::Event event = make_event(
      audit::type::api_token_change, actor, Subject(token.tenant_id, token.account_id.value_or(base::Id())), facts,
      {{"token", token.id},
       {"token_kind", kind},
       {"change", change},
       {"name", is_own ? audit::Value(audit::Code()) : audit::Value::registered(token.name)},
       {"scope", audit::Value::registered(token.scopes)},
       {"uses", audit::Value::count(token.uses_left)},
       {"until", *token.expires_at}});
  if (is_own) add_personal(event, "name", token.name);
  return store::append_event(tx, std::move(event));
}

base::Result<NewToken> create_api_token(const House& house, const rights::Actor& actor, const TokenWishes& wishes,
                                        const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  RETURN_IF_ERROR(check(wishes));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<NewToken> {
    MadeToken made = make_token(wishes.kind, facts.now);
    if (wishes.kind == TokenKind::personal) {
      ASSIGN_OR_RETURN(const identity::Account account, find_managed(tx, actor, wishes.account, facts.now));
      made.row.account_id = account.id;
      made.row.tenant_id = account.tenant_id;
    } else {
      ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wishes.tenant));
      made.row.tenant_id = tenant.id;
    }
    made.row.name = wishes.name;
    made.row.scopes = base::join(wishes.scopes, " ");
    made.row.uses_left = wishes.uses;
    made.row.created_by = id_of(actor);
    made.row.expires_at = facts.now + wishes.lasts;
    RETURN_IF_ERROR(store::insert_api_token(tx, made.row));
    RETURN_IF_ERROR(record_token_change(tx, actor, made.row, "added", facts));
    return NewToken{made.row.id, std::move(made.text), *made.row.expires_at};
  });
}

base::Result<std::vector<ShownToken>> list_api_tokens(const House& house, const rights::Actor& actor,
                                                      std::string_view tenant, base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_clients, rights::Permission::read_settings}));
  ASSIGN_OR_RETURN(const auto tokens,
                   house.store.read([&](store::Tx& tx) -> base::Result<std::vector<store::ApiToken>> {
                     ASSIGN_OR_RETURN(const store::Tenant of, find_managed_tenant(tx, actor, tenant));
                     return store::list_api_tokens(tx, of.id, most_shown);
                   }));
  std::vector<ShownToken> shown;
  for (const store::ApiToken& token : tokens) shown.push_back(show_token(token, now));
  return shown;
}

base::Result<bool> revoke_api_token(const House& house, const rights::Actor& actor, std::string_view id,
                                    const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_clients, facts.now));
  const auto unknown = [&] { return base::fail(base::Code::not_found, "there is no token " + std::string(id)); };
  const auto parsed = base::Id::parse(id);
  if (!parsed) return unknown();
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto token, store::find_api_token(tx, *parsed));
    if (!token || !actor.reaches(token->tenant_id)) return unknown();
    ASSIGN_OR_RETURN(const bool is_first, store::revoke_api_token(tx, token->id, facts.now));
    if (!is_first) return false;
    RETURN_IF_ERROR(record_token_change(tx, actor, *token, "withdrawn", facts));
    return true;
  });
}

}  // namespace flow
