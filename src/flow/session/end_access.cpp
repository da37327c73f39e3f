#include "flow/session/end_access.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/record.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/session/logout.hpp"
#include "rights/session.hpp"
#include "store/account/account_erasure.hpp"
#include "store/account/account_search.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/api_tokens.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<void> end_sessions_of(store::Tx& tx, const identity::Account& account, audit::Code why,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(store::raise_security_stamp(tx, account.id));
  RETURN_IF_ERROR(end_all_sessions(tx, account, nullptr, why, facts));
  // Grants may belong to sessions that have ended already.
  return store::revoke_grants_of_account(tx, account.id, facts.now);
}

base::Result<void> end_access_of(store::Tx& tx, const identity::Account& account, audit::Code why,
                                 const RequestFacts& facts) {
  RETURN_IF_ERROR(store::void_all_tokens(tx, account.id, facts.now));
  RETURN_IF_ERROR(store::revoke_api_tokens_of(tx, account.id, facts.now));
  return end_sessions_of(tx, account, why, facts);
}

base::Result<bool> is_super_administrator(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, account_id, now));
  return std::any_of(contexts.begin(), contexts.end(), [](const rights::ActingContext& context) {
    return rights::allows(context, rights::Permission::administer_all);
  });
}

base::Result<void> demand_other_super_administrator(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const bool is_one, is_super_administrator(tx, account_id, now));
  if (!is_one) return {};
  ASSIGN_OR_RETURN(const bool is_other_one, store::has_other_super_administrator(tx, account_id, now));
  if (is_other_one) return {};
  return base::fail(base::Code::conflict, "the last super administrator stays");
}

base::Result<identity::Account> leave(store::Tx& tx, const rights::Actor& actor, const Leaving& leaving,
                                      const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto account, store::find_account(tx, actor.account().id));
  if (!account || account->status != identity::AccountStatus::active) {
    return base::fail(base::Code::conflict, "the account is not active");
  }
  RETURN_IF_ERROR(demand_other_super_administrator(tx, account->id, facts.now));
  RETURN_IF_ERROR(store::set_account_status(tx, account->id, leaving.status, facts.now, account->id));
  RETURN_IF_ERROR(store::append_event(tx, make_event(leaving.event, actor, *account, facts, {{"by", "self"}})));
  RETURN_IF_ERROR(end_access_of(tx, *account, leaving.why, facts));
  return *std::move(account);
}

base::Result<void> notify_person(const House& house, store::Tx& tx, const identity::Account& account,
                                 const Notice& notice, base::Time now) {
  ASSIGN_OR_RETURN(const auto to, find_destination(tx, account));
  if (!to) return {};
  Message message{notice.message};
  message.time = now;
  message.way_in = notice.way_in;
  if (!notice.by.empty()) message.arguments.emplace_back("person", notice.by);
  return queue_message(house, tx, {account, *to, notice.page}, message, now);
}

}  // namespace flow
