#include "flow/admin/act_for_account.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/acting.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "store/account/contexts.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

/// Also who reaches other tenants acts for people of the own one only.
bool is_of_own_tenant(const rights::Actor& actor, const identity::Account& account) {
  return account.tenant_id == actor.account().tenant_id;
}

bool is_person_who_logs_in(const identity::Account& account) {
  return identity::may_log_in(account) && identity::is_human(account.kind);
}

base::Result<void> demand_nobody_else(const rights::Actor& actor) {
  if (actor.is_operator()) return base::fail(base::Code::denied, "the operator has no session");
  if (actor.is_acting()) return base::fail(base::Code::conflict, "the actor acts for somebody already");
  return {};
}

base::Result<ActingChoices> find_choices(const House& house, store::Tx& tx, const rights::Actor& actor,
                                         std::string_view named, base::Time now) {
  ActingChoices choices;
  ASSIGN_OR_RETURN(choices.account, find_changeable(tx, actor, named, now, rights::Permission::act_for_others));
  if (!is_of_own_tenant(actor, choices.account)) {
    return base::fail(base::Code::not_found, "the account is of another tenant");
  }
  if (!is_person_who_logs_in(choices.account)) {
    return base::fail(base::Code::conflict, "nobody acts for an account that is not active or no person's");
  }
  ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, choices.account.id, now));
  choices.contexts = rights::find_offered(all, {actor.session().proofs, actor.session().ip, actor.ip()});
  ASSIGN_OR_RETURN(choices.is_told, is_acting_told(house, tx, choices.account.tenant_id));
  return choices;
}

/// The same session under a new id and secret, because its rights change.
struct Renewed {
  rights::Session session;
  base::Secret cookie;
};
base::Result<Renewed> renew(store::Tx& tx, const rights::Actor& actor, const std::optional<rights::ActingFor>& role,
                            const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto current, store::find_session(tx, actor.session().id));
  if (!current) return base::fail(base::Code::conflict, "the session was replaced or has ended");
  NewSessionCookie cookie = make_session_cookie(facts.now);
  rights::Session next = *current;
  next.id = cookie.id;
  next.secret_hash = cookie.secret_hash;
  next.acting_for = role;
  ASSIGN_OR_RETURN(const auto holder, find_holder(tx, *current, facts.now));
  if (!holder) return base::fail(base::Code::conflict, "the session has ended");
  RETURN_IF_ERROR(write_session(tx, {next, *holder, &actor.chosen_context(), current->id}, facts));
  return Renewed{std::move(next), std::move(cookie.value)};
}

}  // namespace

bool may_act_for(const rights::Actor& actor, const identity::Account& account) {
  return actor.may(rights::Permission::act_for_others) && demand_nobody_else(actor) &&
         account.id != actor.account().id && is_of_own_tenant(actor, account) && is_person_who_logs_in(account);
}

base::Result<ActingChoices> find_acting_choices(const House& house, const rights::Actor& actor,
                                                std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::act_for_others));
  RETURN_IF_ERROR(demand_nobody_else(actor));
  return house.store.read([&](store::Tx& tx) { return find_choices(house, tx, actor, account, now); });
}

base::Result<base::Secret> begin_acting(const House& house, const rights::Actor& actor, const ActingWish& wish,
                                        const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_nobody_else(actor));
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::act_for_others, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Secret> {
    ASSIGN_OR_RETURN(const ActingChoices choices, find_choices(house, tx, actor, wish.account, facts.now));
    const auto context = std::find_if(choices.contexts.begin(), choices.contexts.end(),
                                      [&](const auto& one) { return one.key == wish.context; });
    if (context == choices.contexts.end()) return base::fail(base::Code::denied, "this context is not offered");
    const base::Time until = facts.now + house.settings.session.acting_lasts;
    ASSIGN_OR_RETURN(Renewed renewed,
                     renew(tx, actor, rights::ActingFor{choices.account.id, context->id, until}, facts));
    RETURN_IF_ERROR(record_acting(tx, renewed.session, actor.account().tenant_id,
                                  {.step = "begun", .context = context->key}, facts));
    if (choices.is_told) {
      RETURN_IF_ERROR(notify_person(house, tx, choices.account,
                                    {.message = "acted_for", .by = actor.account().display_name()}, facts.now));
    }
    return std::move(renewed.cookie);
  });
}

base::Result<base::Secret> end_acting(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  if (!actor.is_acting()) return base::fail(base::Code::conflict, "the actor acts for nobody");
  return write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Secret> {
    ASSIGN_OR_RETURN(Renewed renewed, renew(tx, actor, std::nullopt, facts));
    renewed.session.acting_for = actor.session().acting_for;  // for the event
    RETURN_IF_ERROR(
        record_acting(tx, renewed.session, actor.holder().tenant_id, {"ended", audit::why::returned}, facts));
    return std::move(renewed.cookie);
  });
}

}  // namespace flow
