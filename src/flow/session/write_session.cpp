#include "flow/session/write_session.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/logout.hpp"
#include "flow/session/session_settings.hpp"
#include "rights/may_issue.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

// Of one account: far more than a person has, and as many as programs that log in by themselves may need.
constexpr std::size_t most_sessions = 1000;
// More than one, so that an account with a great many comes down to this number with time.
constexpr std::size_t most_ended = 10;

base::Result<void> make_room(store::Tx& tx, const identity::Account& account, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto surplus, store::list_surplus_sessions(tx, account.id, most_sessions - 1, most_ended));
  for (const rights::Session& session : surplus) {
    RETURN_IF_ERROR(
        end_session(tx, session, account.tenant_id, {audit::type::session_end, audit::why::too_many_sessions}, facts));
  }
  return {};
}

// A demand that came after the context was opened meets the next login; the session goes on under its new id.
base::Result<bool> owes_no_factor(store::Tx& tx, const SessionToWrite& wished, const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const bool is_met, owes_nothing(tx, wished.session, facts.ip, facts.now));
  if (is_met || !wished.replaces) return is_met;
  ASSIGN_OR_RETURN(const auto old, store::find_session(tx, *wished.replaces));
  return old && old->account_id == wished.session.account_id && old->context_id == wished.session.context_id &&
         old->auth_time == wished.session.auth_time;
}

}  // namespace

base::Time find_idle_end(const House& house, const rights::Session& session, const RequestFacts& facts) {
  return std::min(facts.now + facts.idle.value_or(house.settings.session.idle), session.absolute_until);
}

base::Result<void> write_session(store::Tx& tx, const SessionToWrite& wished, const RequestFacts& facts) {
  rights::IssuanceFacts issued;
  issued.what = rights::Issued::session;
  issued.account = &wished.account;
  issued.session = &wished.session;
  issued.context = wished.context;
  issued.now = facts.now;
  if (wished.session.context_id) {
    ASSIGN_OR_RETURN(issued.owes_no_factor, owes_no_factor(tx, wished, facts));
  }
  const auto verdict = rights::judge_issuance(issued);
  if (const auto* refusal = std::get_if<rights::Refusal>(&verdict)) {
    return base::fail(base::Code::denied, "no session: " + std::string(rights::name_of(*refusal)));
  }
  const auto& clearance = std::get<rights::Clearance>(verdict);
  if (!wished.replaces) {
    RETURN_IF_ERROR(make_room(tx, wished.account, facts));
    return store::insert_session(tx, wished.session, clearance);
  }
  return store::replace_session(tx, *wished.replaces, wished.session, clearance);
}

}  // namespace flow
