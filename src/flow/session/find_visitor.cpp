#include "flow/session/find_visitor.hpp"

#include <algorithm>
#include <utility>

#include "base/time.hpp"
#include "flow/house/actor_maker.hpp"
#include "flow/session/acting.hpp"
#include "flow/session/factor_demand.hpp"
#include "flow/session/find_actor.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/record_denial.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

/// The session that the cookie names, and whether its secret is right.
struct Named {
  std::optional<rights::Session> session{};
  bool is_right = false;
};

base::Result<Named> find_named(store::Tx& tx, const SessionCookie& cookie) {
  Named named;
  ASSIGN_OR_RETURN(named.session, store::find_session(tx, cookie.id));
  named.is_right = named.session && base::equal_in_constant_time(named.session->secret_hash, cookie.secret_hash);
  return named;
}

// Whoever administers nothing needs no more than the own tenant, and costs no statement.
base::Result<std::vector<base::Id>> find_reach(store::Tx& tx, const identity::Account& account,
                                               const rights::ActingContext& context) {
  if (rights::personal_permissions.includes(rights::granted(context))) return std::vector{account.tenant_id};
  return store::list_tenant_ids_from(tx, account.tenant_id);
}

/// The actor acts for another person if the session says so and all that it needs is still there; else as before.
base::Result<void> take_role(store::Tx& tx, Visitor& visitor, const RequestFacts& facts) {
  const rights::Actor& holder = *visitor.actor;
  ASSIGN_OR_RETURN(auto judged,
                   judge_acting(tx, {holder.account(), holder.context(), holder.session(), facts.ip}, facts.now));
  if (const auto* why = std::get_if<audit::Code>(&judged)) {
    visitor.acting_ended = *why;
    return {};
  }
  auto& role = std::get<ActingRole>(judged);
  ASSIGN_OR_RETURN(std::vector<base::Id> tenants, find_reach(tx, role.account, role.context));
  visitor.actor =
      ActorMaker::make_acting(holder, {std::move(role.account), {}, std::move(role.context), std::move(tenants)});
  return {};
}

base::Result<void> stop_role(store::Tx& tx, const Visitor& visitor, const RequestFacts& facts) {
  return stop_acting(tx, visitor.actor->session(), visitor.actor->account().tenant_id, visitor.acting_ended, facts);
}

/// Reads the account and the context of the session. Moves the session out of `named`.
base::Result<Visitor> read_visitor(store::Tx& tx, Named& named, const RequestFacts& facts) {
  if (!named.is_right) return Visitor{};
  std::optional<rights::Session> session = std::exchange(named.session, std::nullopt);
  ASSIGN_OR_RETURN(std::optional<identity::Account> account, find_holder(tx, *session, facts.now));
  if (!account) return Visitor{};
  Visitor visitor;
  if (session->must_change != identity::MustChange::no) session->context_id.reset();
  if (session->context_id) {
    ASSIGN_OR_RETURN(auto context, store::find_context_of(tx, account->id, *session->context_id, facts.now));
    // A context that this login is no longer strong enough for counts as taken away, and so does one outside of whose
    // networks the login or this request was made.
    if (context && rights::is_offered(*context, {session->proofs, session->ip, facts.ip})) {
      ASSIGN_OR_RETURN(std::vector<base::Id> tenants, find_reach(tx, *account, *context));
      visitor.actor =
          ActorMaker::make({std::move(*account), std::move(*session), std::move(*context), std::move(tenants)}, facts);
      if (visitor.actor->session().acting_for) RETURN_IF_ERROR(take_role(tx, visitor, facts));
      return visitor;
    }
    // The context was taken away: the person may choose another one.
    session->context_id.reset();
  }
  ASSIGN_OR_RETURN(const bool is_met, owes_nothing(tx, *session, facts.ip, facts.now));
  visitor.pending = PendingLogin{std::move(*account), std::move(*session), !is_met};
  return visitor;
}

// The time is not written at every request, because each page view would then be a commit. Only pages with an idle time
// of their own count it exactly, because few people use them, and there a session may also end earlier than elsewhere.
bool is_touch_due(const House& house, const Visitor& visitor, const RequestFacts& facts) {
  if (!visitor.actor) return false;
  const rights::Session& session = visitor.actor->session();
  const base::Duration change = find_idle_end(house, session, facts) - session.idle_until;
  const base::Duration counted = house.settings.session.idle / 20;
  if (!facts.idle) return facts.now - session.last_seen > counted || change > counted;
  constexpr base::Duration shown = std::chrono::seconds(1);
  return std::chrono::abs(change) >= shown;
}

base::Result<void> touch_visitor(const House& house, store::Tx& tx, Visitor& visitor, const RequestFacts& facts) {
  rights::Session session = visitor.actor->session();
  session.last_seen = facts.now;
  session.idle_until = find_idle_end(house, session, facts);
  RETURN_IF_ERROR(store::touch_session(tx, session.id, facts.now, session.idle_until));
  visitor.actor = ActorMaker::with_session(*std::move(visitor.actor), std::move(session));
  return {};
}

}  // namespace

base::Result<Visitor> find_visitor(const House& house, std::string_view cookie, const RequestFacts& facts, bool touch) {
  const auto parsed = parse_session_cookie(cookie);
  if (!parsed) return Visitor{};
  Named named;
  auto found = house.store.read([&](store::Tx& tx) -> base::Result<Visitor> {
    ASSIGN_OR_RETURN(named, find_named(tx, *parsed));
    return read_visitor(tx, named, facts);
  });
  if (found && named.session && !named.is_right) {
    RETURN_IF_ERROR(record_tampered_cookie(house, *named.session, facts));
  }
  if (found && !found->acting_ended.empty()) {
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) { return stop_role(tx, *found, facts); }));
  }
  if (found && touch && is_touch_due(house, *found, facts)) {
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) { return touch_visitor(house, tx, *found, facts); }));
  }
  return found;
}

base::Result<Visitor> find_visitor(const House& house, store::Tx& tx, std::string_view cookie,
                                   const RequestFacts& facts) {
  const auto parsed = parse_session_cookie(cookie);
  if (!parsed) return Visitor{};
  ASSIGN_OR_RETURN(Named named, find_named(tx, *parsed));
  ASSIGN_OR_RETURN(Visitor visitor, read_visitor(tx, named, facts));
  if (!visitor.acting_ended.empty()) RETURN_IF_ERROR(stop_role(tx, visitor, facts));
  if (is_touch_due(house, visitor, facts)) RETURN_IF_ERROR(touch_visitor(house, tx, visitor, facts));
  return visitor;
}

base::Result<std::optional<rights::Actor>> find_actor(store::Tx& tx, const base::Id& session_id,
                                                      const RequestFacts& facts) {
  Named named;
  ASSIGN_OR_RETURN(named.session, store::find_session(tx, session_id));
  named.is_right = named.session.has_value();
  RequestFacts as_from_login = facts;
  if (named.session) as_from_login.ip = named.session->ip;
  ASSIGN_OR_RETURN(Visitor visitor, read_visitor(tx, named, as_from_login));
  return std::move(visitor.actor);
}

}  // namespace flow
