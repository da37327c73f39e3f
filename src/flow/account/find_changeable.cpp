#include "flow/account/find_changeable.hpp"

#include "flow/account/sub_accounts.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/compare_rights.hpp"
#include "store/account/accounts.hpp"

namespace flow {

base::Result<void> demand_account_manager(const House& house, const rights::Actor& actor, base::Time now) {
  return demand_proven(house, actor, rights::Permission::manage_accounts, now);
}

base::Result<void> demand_account_supporter(const House& house, const rights::Actor& actor, base::Time now) {
  return demand_proven(house, actor, rights::Permission::support_accounts, now);
}

bool acts_as_main(const rights::Actor& actor, rights::Permission permission) {
  return !actor.is_operator() && !actor.may(permission) && may_have_sub_accounts(actor.account());
}

base::Result<void> demand_changer(const House& house, const rights::Actor& actor, rights::Permission permission,
                                  base::Time now) {
  if (acts_as_main(actor, permission)) return demand_fresh_proof(house, actor, now);
  return demand_proven(house, actor, permission, now);
}

base::Result<identity::Account> find_visible(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                             base::Time now, rights::Permission permission) {
  ASSIGN_OR_RETURN(identity::Account account, find_managed(tx, actor, named, now));
  if (actor.is_operator() || actor.may(permission)) return account;
  // The main account is read again, because an administrator may have taken the mark in the meantime.
  ASSIGN_OR_RETURN(const auto main, store::find_account(tx, actor.account().id));
  const bool is_own = main && may_have_sub_accounts(*main) && account.main_account_id == main->id;
  if (!is_own) return base::fail(base::Code::not_found, "no sub account " + std::string(named));
  return account;
}

base::Result<identity::Account> find_changeable(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                                base::Time now, rights::Permission permission) {
  ASSIGN_OR_RETURN(identity::Account account, find_visible(tx, actor, named, now, permission));
  if (!actor.is_operator() && account.id == actor.account().id) {
    return base::fail(base::Code::denied, "nobody administers himself");
  }
  ASSIGN_OR_RETURN(const bool above, is_above(tx, actor, account.id, now));
  if (above) return base::fail(base::Code::denied, "the account has more rights than the actor");
  return account;
}

}  // namespace flow
