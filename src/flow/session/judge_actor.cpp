#include "flow/session/judge_actor.hpp"

#include "flow/session/live_session.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<void> judge_actor(store::Tx& tx, const rights::Actor& actor, base::Time now) {
  if (actor.is_operator()) return {};
  const auto denied = [](std::string reason) { return base::fail(base::Code::denied, std::move(reason)); };
  ASSIGN_OR_RETURN(const auto session, store::find_session(tx, actor.session().id));
  if (!session || session->account_id != actor.account().id) return denied("the session has ended");
  ASSIGN_OR_RETURN(const auto account, find_holder(tx, *session, now));
  if (!account) return denied("the session has ended, or the account may not log in any more");
  const bool acts_so = session->must_change == identity::MustChange::no && session->context_id == actor.context().id;
  if (!acts_so) return denied("the session does not act in this context any more");
  ASSIGN_OR_RETURN(const auto context, store::find_context_of(tx, account->id, actor.context().id, now));
  const bool is_given = context && rights::granted(*context) == rights::granted(actor.context()) &&
                        rights::is_offered(*context, {session->proofs, session->ip, actor.ip()});
  if (!is_given) return denied("the acting context was taken away");
  return {};
}

}  // namespace flow
