#include "flow/account/suspend_account.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/record.hpp"
#include "flow/login/find_way_in.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {

base::Result<bool> suspend_in(const House& house, store::Tx& tx, const rights::Actor& actor, std::string_view account,
                              const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
  if (found.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::conflict, "the account is deleted");
  }
  if (found.status == identity::AccountStatus::suspended_admin) return false;
  if (found.status == identity::AccountStatus::active) {
    RETURN_IF_ERROR(demand_other_super_administrator(tx, found.id, facts.now));
    RETURN_IF_ERROR(notify_person(house, tx, found, {.message = "suspended"}, facts.now));
  }
  RETURN_IF_ERROR(
      store::set_account_status(tx, found.id, identity::AccountStatus::suspended_admin, facts.now, id_of(actor)));
  RETURN_IF_ERROR(end_access_of(tx, found, audit::why::suspended, facts));
  RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::account_suspend, actor, found, facts)));
  return true;
}

base::Result<void> suspend_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_changer(house, actor, rights::Permission::manage_accounts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(suspend_in(house, tx, actor, account, facts));
    return {};
  });
}

base::Result<bool> restore_in(const House& house, store::Tx& tx, const rights::Actor& actor, std::string_view account,
                              const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
  if (found.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::conflict, "a deleted account is never restored");
  }
  if (found.status == identity::AccountStatus::invited) {
    return base::fail(base::Code::conflict, "an invited account is not suspended");
  }
  if (found.status == identity::AccountStatus::active) return false;
  RETURN_IF_ERROR(store::set_account_status(tx, found.id, identity::AccountStatus::active, facts.now, id_of(actor)));
  ASSIGN_OR_RETURN(const std::string_view way_in, find_way_in(house, tx, found.id, facts.now));
  RETURN_IF_ERROR(notify_person(house, tx, found, {.message = "restored", .way_in = way_in}, facts.now));
  RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::account_restore, actor, found, facts)));
  return true;
}

base::Result<void> restore_account(const House& house, const rights::Actor& actor, std::string_view account,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_changer(house, actor, rights::Permission::manage_accounts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(restore_in(house, tx, actor, account, facts));
    return {};
  });
}

}  // namespace flow
