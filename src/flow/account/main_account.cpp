#include "flow/account/main_account.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

base::Result<void> demand_possible(store::Tx& tx, const identity::Account& account, bool is_main) {
  if (!is_main) {
    ASSIGN_OR_RETURN(const std::int64_t count, store::count_sub_accounts(tx, account.id));
    if (count > 0) return base::fail(base::Code::conflict, "the account has sub accounts");
    return {};
  }
  if (account.main_account_id) return base::fail(base::Code::conflict, "the account is a sub account");
  if (account.kind != identity::AccountKind::employee || !identity::may_log_in(account))
    return base::fail(base::Code::conflict, "a main account is the active account of an employee");
  return {};
}

base::Result<void> decide(const House& house, const rights::Actor& actor, std::string_view account, bool is_main,
                          const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_account_manager(house, actor, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const identity::Account found, find_changeable(tx, actor, account, facts.now));
    if (found.is_main == is_main) return {};
    RETURN_IF_ERROR(demand_possible(tx, found, is_main));
    RETURN_IF_ERROR(store::set_main_mark(tx, found.id, is_main));
    return store::append_event(tx, make_event(audit::type::account_change, actor, found, facts,
                                              {{"fields", "main_account"},
                                               {"change", is_main ? audit::Code("added") : audit::Code("removed")}}));
  });
}

}  // namespace

base::Result<void> appoint_main_account(const House& house, const rights::Actor& actor, std::string_view account,
                                        const RequestFacts& facts) {
  return decide(house, actor, account, true, facts);
}

base::Result<void> dismiss_main_account(const House& house, const rights::Actor& actor, std::string_view account,
                                        const RequestFacts& facts) {
  return decide(house, actor, account, false, facts);
}

}  // namespace flow
