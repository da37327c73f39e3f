#include "flow/session/choose_context.hpp"

#include <algorithm>

#include "flow/house/record.hpp"
#include "flow/session/live_session.hpp"
#include "flow/session/session_cookie.hpp"
#include "flow/session/session_settings.hpp"
#include "flow/session/write_session.hpp"
#include "rights/session.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<std::vector<rights::ActingContext>> list_offered_contexts(const House& house, const Visitor& visitor,
                                                                       base::Time now) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  ASSIGN_OR_RETURN(const auto all,
                   house.store.read([&](store::Tx& tx) { return store::list_contexts(tx, session->account_id, now); }));
  return rights::find_offered(all, session->proofs);
}

base::Result<base::Secret> choose_context(const House& house, const Visitor& visitor, std::string_view context,
                                          const RequestFacts& facts) {
  const rights::Session* session = visitor.session();
  if (session == nullptr) return base::fail(base::Code::login_failed, "nobody is logged in");
  return house.store.write([&](store::Tx& tx) -> base::Result<base::Secret> {
    ASSIGN_OR_RETURN(const auto current, store::find_session(tx, session->id));
    if (!current) return base::fail(base::Code::conflict, "the session was replaced or has ended");
    ASSIGN_OR_RETURN(const auto account, find_holder(tx, *current, facts.now));
    if (!account) return base::fail(base::Code::login_failed, "the session has ended");
    if (current->must_change != identity::MustChange::no) {
      return base::fail(base::Code::denied, "the password must be changed first");
    }
    ASSIGN_OR_RETURN(const auto all, store::list_contexts(tx, account->id, facts.now));
    const auto offered = rights::find_offered(all, current->proofs);
    const auto chosen =
        std::find_if(offered.begin(), offered.end(), [&](const auto& one) { return one.key == context; });
    if (chosen == offered.end()) return base::fail(base::Code::denied, "this context is not offered");

    NewSessionCookie cookie = make_session_cookie(facts.now);
    rights::Session next = *current;
    next.id = cookie.id;
    next.secret_hash = cookie.secret_hash;
    next.context_id = chosen->id;
    next.last_seen = facts.now;
    next.idle_until = std::min(facts.now + house.settings.session.idle, next.absolute_until);
    RETURN_IF_ERROR(write_session(tx, {next, *account, &*chosen, current->id}, facts));
    audit::Event event = make_event(audit::type::context_choice, *account, facts, {{"previous_session", current->id}});
    event.actor = account->id;
    event.session = next.id;
    event.context = chosen->key;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return cookie.value;
  });
}

}  // namespace flow
