#include "flow/find_visitor.hpp"

#include <algorithm>

#include "rights/context.hpp"
#include "flow/actor_maker.hpp"
#include "flow/session_cookie.hpp"
#include "store/accounts.hpp"
#include "store/sessions.hpp"

namespace flow {

std::string_view session_cookie_name(bool secure) {
  return secure ? "__Host-chancery_session" : "chancery_session";
}

base::Result<Visitor> find_visitor(const House& house, std::string_view cookie, const RequestFacts& facts, bool touch) {
  const auto parsed = parse_session_cookie(cookie);
  if (!parsed) return Visitor{};
  auto found = house.store.read([&](store::Tx& tx) -> base::Result<Visitor> {
    ASSIGN_OR_RETURN(std::optional<rights::Session> session, store::find_session(tx, parsed->id));
    if (!session || !base::equal_in_constant_time(session->secret_hash, parsed->secret_hash)) return Visitor{};
    ASSIGN_OR_RETURN(std::optional<identity::Account> account, store::find_account(tx, session->account_id));
    if (!account || !identity::may_log_in(*account) ||
        !rights::is_alive(*session, account->security_stamp, facts.now)) {
      return Visitor{};
    }
    Visitor visitor;
    if (session->must_change != identity::MustChange::no) session->context_id.reset();
    if (session->context_id) {
      ASSIGN_OR_RETURN(auto context, store::find_context_of(tx, account->id, *session->context_id, facts.now));
      // What this login does not suffice for any more counts as taken away.
      if (context && !rights::find_offered({*context}, session->method, session->level).empty()) {
        visitor.actor = ActorMaker::make(std::move(*account), std::move(*session), std::move(*context), facts);
        return visitor;
      }
      // The context was taken away: what is left is the choice of another one.
      session->context_id.reset();
    }
    visitor.pending = PendingLogin{std::move(*account), std::move(*session)};
    return visitor;
  });
  if (!found || !touch || !found->actor) return found;
  const rights::Session& session = found->actor->session();
  const base::Duration idle = house.settings.session.idle;
  // Writing at every request would make each page view a commit; a twentieth of the idle time is exact enough.
  if (facts.now - session.last_seen > idle / 20) {
    const base::Time idle_until = std::min(facts.now + idle, session.absolute_until);
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) -> base::Result<void> {
      return store::touch_session(tx, session.id, facts.now, idle_until);
    }));
    rights::Session touched = session;
    touched.last_seen = facts.now;
    touched.idle_until = idle_until;
    found->actor =
        ActorMaker::make(found->actor->account(), std::move(touched), found->actor->context(), facts);
  }
  return found;
}

}  // namespace flow
