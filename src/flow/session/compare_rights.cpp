#include "flow/session/compare_rights.hpp"

#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/identifiers.hpp"

namespace flow {
namespace {

base::Result<rights::Permissions> find_given_rights(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto contexts, store::list_given_contexts(tx, account_id, now));
  rights::Permissions all;
  for (const rights::ActingContext& context : contexts) all = all.with(rights::granted(context));
  return all.without(rights::personal_permissions);
}

bool is_within(const rights::Actor& actor, rights::Permissions permissions) {
  return rights::granted(actor.context()).includes(permissions.without(rights::personal_permissions));
}

}  // namespace

base::Result<rights::Permissions> find_rights_of(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(rights::Permissions all, find_given_rights(tx, account_id, now));
  ASSIGN_OR_RETURN(const auto below, store::list_sub_accounts(tx, account_id));
  for (const identity::Account& sub : below) {
    if (!sub.redirects_to_main) continue;
    ASSIGN_OR_RETURN(const rights::Permissions of_sub, find_given_rights(tx, sub.id, now));
    all = all.with(of_sub);
  }
  return all;
}

base::Result<bool> is_above(store::Tx& tx, const rights::Actor& actor, const base::Id& account_id, base::Time now) {
  return is_above(tx, rights::granted(actor.context()), account_id, now);
}

base::Result<bool> is_above(store::Tx& tx, rights::Permissions of_actor, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const rights::Permissions rights_of, find_rights_of(tx, account_id, now));
  return !of_actor.includes(rights_of);
}

base::Result<void> demand_rights(const rights::Actor& actor, rights::Permissions permissions) {
  if (is_within(actor, permissions)) return {};
  return base::fail(base::Code::denied, "nobody gives more rights than they have");
}

}  // namespace flow
