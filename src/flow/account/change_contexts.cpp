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

/// What is given or taken, and when.
struct Giving {
  const identity::Account& account;
  const rights::ActingContext& context;
  std::optional<TermWish> wish;
  const RequestFacts& facts;
};
/// What has changed, for the event.
struct Changed {
  std::optional<base::Time> from{};
  std::optional<base::Time> until{};
};
/// Writes inside the transaction. nullopt: there is nothing to change.
using Write = base::Result<std::optional<Changed>> (*)(store::Tx&, const Giving&);

// The keys are sorted, so that equal sets have equal texts.
base::Result<std::string> keys_of(store::Tx& tx, const base::Id& account_id, base::Time now) {
  ASSIGN_OR_RETURN(const auto contexts, store::list_given_contexts(tx, account_id, now));
  std::vector<std::string> keys;
  for (const rights::ActingContext& context : contexts) keys.push_back(context.key);
  std::sort(keys.begin(), keys.end());
  return base::join(keys, " ");
}

base::Result<std::optional<store::ContextTerm>> find_term(store::Tx& tx, const Giving& giving) {
  ASSIGN_OR_RETURN(const auto terms, store::list_context_terms(tx, giving.account.id, giving.facts.now));
  for (const store::ContextTerm& term : terms) {
    if (term.context_id == giving.context.id) return std::optional(term);
  }
  return std::optional<store::ContextTerm>();
}

base::Result<void> end_sessions_in(store::Tx& tx, const Giving& giving) {
  ASSIGN_OR_RETURN(const auto sessions, store::list_sessions(tx, giving.account.id));
  for (const rights::Session& session : sessions) {
    if (session.context_id != giving.context.id) continue;
    RETURN_IF_ERROR(end_session(tx, session, giving.account.tenant_id,
                                {audit::type::session_end, audit::why::context_taken}, giving.facts));
  }
  return {};
}

base::Result<void> demand_other_holder(store::Tx& tx, const Giving& giving) {
  if (!rights::allows(giving.context, rights::Permission::administer_all)) return {};
  return demand_other_super_administrator(tx, giving.account.id, giving.facts.now);
}

base::Result<std::optional<Changed>> give(store::Tx& tx, const Giving& giving) {
  const base::Time now = giving.facts.now;
  if (giving.account.status == identity::AccountStatus::deleted) {
    return base::fail(base::Code::conflict, "the account is deleted");
  }
  ASSIGN_OR_RETURN(const auto held, find_term(tx, giving));
  if (held && !giving.wish) return std::nullopt;
  const TermWish wish = giving.wish.value_or(TermWish{});
  store::ContextTerm term{giving.context.id, held ? held->from : now, wish.until};
  if (wish.from) term.from = *wish.from > now ? *wish.from : std::min(term.from, now);
  if (term.until && (*term.until <= now || *term.until <= term.from)) {
    return base::fail(base::Code::invalid_input, "the context would end before it begins, or has ended already");
  }
  if (held && *held == term) return std::nullopt;
  if (held && (term.until || term.from > now)) RETURN_IF_ERROR(demand_other_holder(tx, giving));
  if (held && term.from > now) RETURN_IF_ERROR(end_sessions_in(tx, giving));
  RETURN_IF_ERROR(store::write_context_term(tx, giving.account.id, term));
  Changed changed;
  if (term.from > now) changed.from = term.from;
  changed.until = term.until;
  return std::optional(changed);
}

base::Result<std::optional<Changed>> take(store::Tx& tx, const Giving& giving) {
  ASSIGN_OR_RETURN(const auto held, find_term(tx, giving));
  if (!held) return std::nullopt;
  RETURN_IF_ERROR(demand_other_holder(tx, giving));
  RETURN_IF_ERROR(end_sessions_in(tx, giving));
  RETURN_IF_ERROR(store::take_context(tx, giving.account.id, giving.context.id, giving.facts.now));
  return std::optional(Changed{});
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
  ASSIGN_OR_RETURN(const auto changed, write(tx, {account, *context, which.term, facts}));
  if (!changed) return false;
  ASSIGN_OR_RETURN(const std::string after, keys_of(tx, account.id, facts.now));
  RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::context_change, actor, account, facts,
                                                     {{"context", audit::Value::registered(context->key)},
                                                      {"old", audit::Value::registered(before)},
                                                      {"new", audit::Value::registered(after)},
                                                      {"from", changed->from},
                                                      {"until", changed->until}})));
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

base::Result<std::vector<HeldContext>> list_held_contexts(const House& house, const rights::Actor& actor,
                                                          std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::read_accounts));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<HeldContext>> {
    ASSIGN_OR_RETURN(const identity::Account found, find_managed(tx, actor, account, now));
    ASSIGN_OR_RETURN(auto contexts, store::list_given_contexts(tx, found.id, now));
    ASSIGN_OR_RETURN(const auto terms, store::list_context_terms(tx, found.id, now));
    std::vector<HeldContext> held;
    for (rights::ActingContext& context : contexts) {
      for (const store::ContextTerm& term : terms) {
        if (term.context_id == context.id) held.push_back({std::move(context), term.from, term.until});
      }
    }
    return held;
  });
}

}  // namespace flow
