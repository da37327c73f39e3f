#include "flow/account/delete_account.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/account_erasure.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

// The last step of a deletion, because it also erases the personal parts of its events.
base::Result<void> erase(const CertificateAct& act, const identity::Account& account) {
  RETURN_IF_ERROR(revoke_certificates_of(act, account.id));
  RETURN_IF_ERROR(store::erase_account(act.tx, account.id));
  return store::erase_personal(act.tx, account.tenant_id, account.id, act.facts.now);
}

}  // namespace

base::Result<void> delete_own_account(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no account");
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::own_deletion, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(
        const identity::Account account,
        leave(tx, actor, {identity::AccountStatus::deleted, audit::type::account_delete, audit::why::deleted}, facts));
    RETURN_IF_ERROR(notify_person(house, tx, account, {"deleted", facts.language}, facts.now));
    return erase({house, tx, facts, &actor}, account);
  });
}

base::Result<void> delete_account(const House& house, const rights::Actor& actor, std::string_view account,
                                  const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_changer(house, actor, rights::Permission::manage_accounts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    if (found.status == identity::AccountStatus::deleted) return {};
    const bool is_by_main = acts_as_main(actor, rights::Permission::manage_accounts);
    const audit::Code by = is_by_main ? audit::Code("main_account") : audit::Code("administrator");
    if (identity::may_log_in(found)) RETURN_IF_ERROR(demand_other_super_administrator(tx, found.id, facts.now));
    RETURN_IF_ERROR(store::set_account_status(tx, found.id, identity::AccountStatus::deleted, facts.now, id_of(actor)));
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::account_delete, actor, found, facts, {{"by", by}})));
    RETURN_IF_ERROR(end_access_of(tx, found, audit::why::deleted, facts));
    RETURN_IF_ERROR(notify_person(house, tx, found, {.message = "deleted"}, facts.now));
    return erase({house, tx, facts, &actor}, found);
  });
}

}  // namespace flow
