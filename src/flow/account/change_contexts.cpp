#include "flow/account/change_contexts.hpp"

#include <algorithm>
#include <string>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "flow/house/record.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/logout.hpp"
#include "rights/session.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

/// Writes inside the transaction. False: there is nothing to change.
using Write = base::Result<bool> (*)(store::Tx&, const identity::Account&, const rights::ActingContext&,
                                     const RequestFacts&);

// The keys are sorted, so that equal sets have equal texts.
base::Result<std::string> keys_of(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, account_id, now));
  std::vector<std::string> keys;
  for (const rights::ActingContext& context : contexts) keys.push_back(context.key);
  std::sort(keys.begin(), keys.end());
  return base::join(keys, " ");
}

base::Result<bool> give(store::Tx& tx, const identity::Account& account, const rights::ActingContext& context,
                        const RequestFacts& facts) {
  if (account.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::conflict, "the account is deleted");
  }
  ASSIGN_OR_RETURN(const auto has, store::find_context_of(tx, account.id, context.id, facts.now));
  if (has) return false;
  RETURN_IF_ERROR(store::give_context(tx, account.id, context.id, facts.now));
  return true;
}

base::Result<bool> take(store::Tx& tx, const identity::Account& account, const rights::ActingContext& context,
                        const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto has, store::find_context_of(tx, account.id, context.id, facts.now));
  if (!has) return false;
  if (rights::allows(context, rights::Permission::administer_all)) {
    RETURN_IF_ERROR(demand_other_super_administrator(tx, account.id, facts.now));
  }
  ASSIGN_OR_RETURN(const auto sessions, store::list_sessions(tx, account.id));
  for (const rights::Session& session : sessions) {
    if (session.context_id != context.id) continue;
    RETURN_IF_ERROR(
        end_session(tx, session, account.tenant_id, {audit::type::session_end, audit::why::context_taken}, facts));
  }
  return store::take_context(tx, account.id, context.id, facts.now);
}

/// The holder of a main account gives and takes only contexts that the main account has.
base::Result<void> demand_own(store::Tx& tx, const rights::Actor& actor, const rights::ActingContext& context,
                              base::Time now) {
  ASSIGN_OR_RETURN(const auto own, store::find_context_of(tx, actor.account().id, context.id, now));
  if (own) return {};
  return base::fail(base::Code::denied, "the main account does not have the context");
}

base::Result<bool> change(store::Tx& tx, const rights::Actor& actor, const ContextOfAccount& which, Write write,
                          const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const identity::Account account, find_changeable(tx, actor, which.account, facts.now));
  ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, account.tenant_id, which.context));
  if (!context) return base::fail(base::Code::not_found, "there is no context " + std::string(which.context));
  RETURN_IF_ERROR(demand_rights(actor, rights::granted(*context)));
  if (acts_as_main(actor, rights::Permission::manage_accounts)) {
    RETURN_IF_ERROR(demand_own(tx, actor, *context, facts.now));
  }
  ASSIGN_OR_RETURN(const std::string before, keys_of(tx, account.id, facts.now));
  ASSIGN_OR_RETURN(const bool changed, write(tx, account, *context, facts));
  if (!changed) return false;
  ASSIGN_OR_RETURN(const std::string after, keys_of(tx, account.id, facts.now));
  RETURN_IF_ERROR(store::append_event(
      tx, make_event(audit::type::context_change, actor, account, facts,
                     {{"old", audit::Value::registered(before)}, {"new", audit::Value::registered(after)}})));
  return true;
}

base::Result<bool> write_change(const House& house, const rights::Actor& actor, const ContextOfAccount& which,
                                Write write, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_changer(house, actor, rights::Permission::manage_accounts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) { return change(tx, actor, which, write, facts); });
}

}  // namespace

base::Result<bool> add_context(const House& house, const rights::Actor& actor, const ContextOfAccount& which,
                               const RequestFacts& facts) {
  return write_change(house, actor, which, give, facts);
}

base::Result<bool> remove_context(const House& house, const rights::Actor& actor, const ContextOfAccount& which,
                                  const RequestFacts& facts) {
  return write_change(house, actor, which, take, facts);
}

base::Result<bool> add_context_in(store::Tx& tx, const rights::Actor& actor, const ContextOfAccount& which,
                                  const RequestFacts& facts) {
  return change(tx, actor, which, give, facts);
}

base::Result<bool> remove_context_in(store::Tx& tx, const rights::Actor& actor, const ContextOfAccount& which,
                                     const RequestFacts& facts) {
  return change(tx, actor, which, take, facts);
}

base::Result<std::vector<rights::ActingContext>> list_contexts_of(const House& house, const rights::Actor& actor,
                                                                  std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::ActingContext>> {
    ASSIGN_OR_RETURN(const identity::Account found, find_managed(tx, actor, account, now));
    return store::list_contexts(tx, found.id, now);
  });
}

}  // namespace flow
