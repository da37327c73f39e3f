#include "flow/registration/own_tokens.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

using rights::Permission;

constexpr std::int64_t most_shown = 50;

base::Result<void> check(const OwnTokenWish& wish) {
  RETURN_IF_ERROR(check_token_name(wish.name));
  const bool are_known = !wish.scopes.empty() && std::all_of(wish.scopes.begin(), wish.scopes.end(), is_personal_scope);
  if (!are_known) return base::fail(base::Code::invalid_input, "scopes: one or several of sign, verify and timestamp");
  if (wish.lasts <= base::Duration(0) || wish.lasts > longest_token) {
    return base::fail(base::Code::invalid_input, "a token lasts for more than no time and at most 365 days");
  }
  return {};
}

base::Result<void> demand_room(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto all, store::list_api_tokens_of(tx, account_id, most_shown));
  const auto counting = std::count_if(all.begin(), all.end(), [&](const store::ApiToken& one) {
    return one.kind == name_of(TokenKind::personal) && find_flaw(one, now).empty();
  });
  if (static_cast<std::size_t>(counting) < most_own_tokens) return {};
  return base::fail(base::Code::too_many, "the account has 20 tokens already");
}

}  // namespace

base::Result<NewToken> create_own_token(const House& house, const rights::Actor& actor, const OwnTokenWish& wish,
                                        const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, Permission::own_password, facts.now));
  RETURN_IF_ERROR(check(wish));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<NewToken> {
    RETURN_IF_ERROR(demand_room(tx, actor.account().id, facts.now));
    MadeToken made = make_token(TokenKind::personal, facts.now);
    made.row.account_id = actor.account().id;
    made.row.tenant_id = actor.account().tenant_id;
    made.row.name = wish.name;
    made.row.scopes = base::join(wish.scopes, " ");
    made.row.created_by = id_of(actor);
    made.row.expires_at = facts.now + wish.lasts;
    RETURN_IF_ERROR(store::insert_api_token(tx, made.row));
    RETURN_IF_ERROR(record_token_change(tx, actor, made.row, "added", facts));
    return NewToken{made.row.id, std::move(made.text), *made.row.expires_at};
  });
}

base::Result<std::vector<ShownToken>> list_own_tokens(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::own_password));
  ASSIGN_OR_RETURN(const auto rows, house.store.read([&](store::Tx& tx) {
    return store::list_api_tokens_of(tx, actor.account().id, most_shown);
  }));
  std::vector<ShownToken> shown;
  for (const store::ApiToken& row : rows) shown.push_back(show_token(row, now));
  return shown;
}

base::Result<bool> revoke_own_token(const House& house, const rights::Actor& actor, std::string_view id,
                                    const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, Permission::own_password));
  const auto unknown = [&] { return base::fail(base::Code::not_found, "there is no token " + std::string(id)); };
  const auto parsed = base::Id::parse(id);
  if (!parsed) return unknown();
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto token, store::find_api_token(tx, *parsed));
    if (!token || token->account_id != actor.account().id) return unknown();
    ASSIGN_OR_RETURN(const bool is_first, store::revoke_api_token(tx, token->id, facts.now));
    if (!is_first) return false;
    RETURN_IF_ERROR(record_token_change(tx, actor, *token, "withdrawn", facts));
    return true;
  });
}

}  // namespace flow
