#include "flow/session/write_session.hpp"

#include "audit/event.hpp"
#include "flow/session/logout.hpp"
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

}  // namespace

base::Result<void> write_session(store::Tx& tx, const SessionToWrite& wished, const RequestFacts& facts) {
  rights::IssuanceFacts issued;
  issued.what = rights::Issued::session;
  issued.account = &wished.account;
  issued.session = &wished.session;
  issued.context = wished.context;
  issued.now = facts.now;
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
