#include "flow/session/judge_actor.hpp"

#include "flow/session/acting.hpp"
#include "flow/session/live_session.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

base::Result<void> denied(std::string reason) {
  return base::fail(base::Code::denied, std::move(reason));
}

/// Whether the actor still acts for the same person, in the same context with the same permissions.
base::Result<void> judge_role(store::Tx& tx, const rights::Actor& actor, const ActingHolder& holder, base::Time now) {
  const auto& acting_for = holder.session.acting_for;
  if (!acting_for) return denied("the session acts for nobody else any more");
  ASSIGN_OR_RETURN(const auto judged, judge_acting(tx, holder, now));
  const auto* role = std::get_if<ActingRole>(&judged);
  if (role == nullptr) return denied("the actor may not act for the other person any more");
  const auto permissions = rights::granted(role->context).without(rights::permissions_in_person);
  const bool is_same = role->account.id == actor.account().id && role->context.id == actor.context().id &&
                       permissions == rights::granted(actor.context());
  return is_same ? base::Result<void>() : denied("the role in which the actor acts was changed");
}

}  // namespace

base::Result<void> demand_in_person(const rights::Actor& actor) {
  if (actor.is_acting()) return denied(std::string(not_while_acting));
  return {};
}

base::Result<void> judge_actor(store::Tx& tx, const rights::Actor& actor, base::Time now) {
  if (actor.is_operator()) return {};
  ASSIGN_OR_RETURN(const auto session, store::find_session(tx, actor.session().id));
  if (!session || session->account_id != actor.holder().id) return denied("the session has ended");
  ASSIGN_OR_RETURN(const auto account, find_holder(tx, *session, now));
  if (!account) return denied("the session has ended, or the account may not log in any more");
  const rights::ActingContext& chosen = actor.chosen_context();
  const bool acts_so = session->must_change == identity::MustChange::no && session->context_id == chosen.id;
  if (!acts_so) return denied("the session does not act in this context any more");
  ASSIGN_OR_RETURN(const auto context, store::find_context_of(tx, account->id, chosen.id, now));
  const bool is_given = context && rights::granted(*context) == rights::granted(chosen) &&
                        rights::is_offered(*context, {session->proofs, session->ip, actor.ip()});
  if (!is_given) return denied("the acting context was taken away");
  if (!actor.is_acting()) return {};
  return judge_role(tx, actor, {*account, *context, *session, actor.ip()}, now);
}

}  // namespace flow
