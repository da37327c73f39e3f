#include "flow/session/choose_context.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "crypto/key/master_key.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/proof/throttling.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_switches_in_hour = 60;
constexpr std::int64_t refusals_in_minute = 1;

/// The choice after a login is limited as the login is; each one after it writes an event that stays for ever.
base::Result<bool> may_switch(const House& house, store::Tx& tx, const rights::Session& session,
                              const identity::Account& account, const RequestFacts& facts) {
  if (!session.context_id) return true;
  const std::string who = account.id.to_string();
  const base::Bytes bucket = house.master.authenticate("throttle", "context|" + who);
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::hours(1), facts.now));
  if (count <= most_switches_in_hour) return true;
  ASSIGN_OR_RETURN(const EventTurn turn,
                   take_event_turn(house, tx, "context_refusal|" + who, refusals_in_minute, facts.now));
  if (!turn.is_written) return false;
  audit::Event event =
      make_event(audit::type::context_choice, account, facts,
                 {{"reason", "limit_of_account"}, {"in_this_minute", audit::Value::count(turn.in_this_minute)}});
  event.actor = account.id;
  event.session = session.id;
  event.outcome = "failure";
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  return false;
}

}  // namespace

base::Result<std::vector<rights::ActingContext>> list_offered_contexts(const House& house, const Visitor& visitor,
                                                                       const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  if (visitor.actor) RETURN_IF_ERROR(demand_in_person(*visitor.actor));
  ASSIGN_OR_RETURN(const auto all, house.store.read([&](store::Tx& tx) {
    return store::list_contexts(tx, session->account_id, facts.now);
  }));
  return rights::find_offered(all, {session->proofs, session->ip, facts.ip});
}

base::Result<base::Secret> choose_context(const House& house, const Visitor& visitor, std::string_view context,
                                          const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  // nullopt: too many switches. The count and the event of the refusal stay.
  const auto switch_context = [&](store::Tx& tx) -> base::Result<std::optional<base::Secret>> {
    ASSIGN_OR_RETURN(const auto current, store::find_session(tx, session->id));
    if (!current) return base::fail(base::Code::conflict, "the session was replaced or has ended");
    ASSIGN_OR_RETURN(const auto account, find_holder(tx, *current, facts.now));
    if (!account) return base::fail(base::Code::login_failed, "the session has ended");
    if (current->must_change != identity::MustChange::no) {
      return base::fail(base::Code::denied, "the password must be changed first");
    }
    if (current->acting_for) return base::fail(base::Code::denied, std::string(not_while_acting));
    if (!current->context_id) {
      ASSIGN_OR_RETURN(const bool is_met, owes_nothing(tx, *current, facts.ip, facts.now));
      if (!is_met) return base::fail(base::Code::denied, std::string(factor_needed));
    }
    ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, account->id, facts.now));
    const auto offered = rights::find_offered(all, {current->proofs, current->ip, facts.ip});
    const auto chosen =
        std::find_if(offered.begin(), offered.end(), [&](const auto& one) { return one.key == context; });
    if (chosen == offered.end()) {
      const bool is_stronger = std::any_of(all.begin(), all.end(), [&](const rights::ActingContext& one) {
        return one.key == context && one.level > current->proofs.level();
      });
      return base::fail(base::Code::denied, is_stronger ? std::string(factor_needed) : "this context is not offered");
    }
    ASSIGN_OR_RETURN(const bool allowed, may_switch(house, tx, *current, *account, facts));
    if (!allowed) return std::nullopt;

    NewSessionCookie cookie = make_session_cookie(facts.now);
    rights::Session next = *current;
    next.id = cookie.id;
    next.secret_hash = cookie.secret_hash;
    next.context_id = chosen->id;
    next.last_seen = facts.now;
    next.idle_until = find_idle_end(house, next, facts);
    RETURN_IF_ERROR(write_session(tx, {next, *account, &*chosen, current->id}, facts));
    audit::Event event = make_event(audit::type::context_choice, *account, facts, {{"previous_session", current->id}});
    event.actor = account->id;
    event.session = next.id;
    event.context = chosen->key;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return std::move(cookie.value);
  };
  ASSIGN_OR_RETURN(std::optional<base::Secret> cookie, house.store.write(switch_context));
  if (!cookie) return base::fail(base::Code::too_many, "too many switches of the context in an hour");
  return std::move(*cookie);
}

}  // namespace flow
