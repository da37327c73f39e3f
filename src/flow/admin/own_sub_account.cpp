#include "flow/admin/own_sub_account.hpp"

#include <algorithm>

#include "flow/account/find_changeable.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/session/compare_rights.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"

namespace flow {
namespace {

/// The rest of the page, for a sub account that was found.
base::Result<void> add_rights(store::Tx& tx, const rights::Actor& actor, OwnSubAccount& sub, base::Time now) {
  const base::Id& id = sub.data.account.id;
  ASSIGN_OR_RETURN(sub.contexts, store::list_contexts(tx, id, now));
  ASSIGN_OR_RETURN(sub.offered, store::list_contexts(tx, actor.account().id, now));
  std::erase_if(sub.offered, [&](const rights::ActingContext& one) {
    const bool has = std::any_of(sub.contexts.begin(), sub.contexts.end(),
                                 [&](const rights::ActingContext& other) { return other.id == one.id; });
    return has || !demand_rights(actor, rights::granted(one));
  });
  const auto changeable = find_changeable(tx, actor, id.to_string(), now);
  sub.is_above = !changeable && changeable.error().code == base::Code::denied;
  ASSIGN_OR_RETURN(const auto password, store::find_password(tx, id));
  sub.has_password = password.has_value();
  return {};
}

}  // namespace

base::Result<OwnSubAccount> find_own_sub_account(const House& house, const rights::Actor& actor,
                                                 std::string_view account, base::Time now) {
  if (actor.is_operator() || !may_have_sub_accounts(actor.account())) {
    return base::fail(base::Code::denied, "only the holder of a main account has sub accounts");
  }
  OwnSubAccount sub;
  ASSIGN_OR_RETURN(sub.data, read_account_data(house, actor, account, now));
  // An administrator reaches others as well, but not on this page.
  const bool is_own = sub.data.account.main_account_id == actor.account().id &&
                      sub.data.account.status != identity::AccountStatus::deleted;
  if (!is_own) return base::fail(base::Code::not_found, "no sub account of the actor");
  RETURN_IF_ERROR(house.store.read([&](store::Tx& tx) { return add_rights(tx, actor, sub, now); }));
  return sub;
}

}  // namespace flow
