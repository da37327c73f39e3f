#include "flow/session/live_session.hpp"

#include "store/account/accounts.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<std::optional<identity::Account>> find_holder(store::Tx& tx, const rights::Session& session,
                                                           base::Time now) {
  ASSIGN_OR_RETURN(auto account, store::find_account(tx, session.account_id));
  const bool is_live =
      account && identity::may_log_in(*account) && rights::is_alive(session, account->security_stamp, now);
  if (!is_live) account.reset();
  return account;
}

base::Result<std::vector<rights::Session>> list_live_sessions(store::Tx& tx, const identity::Account& account,
                                                              base::Time now) {
  ASSIGN_OR_RETURN(auto sessions, store::list_sessions(tx, account.id));
  std::erase_if(sessions, [&](const auto& one) { return !rights::is_alive(one, account.security_stamp, now); });
  return sessions;
}

base::Result<rights::Session> find_session_of(store::Tx& tx, const base::Id& account_id, const base::Id& session_id) {
  ASSIGN_OR_RETURN(auto session, store::find_session(tx, session_id));
  if (!session || session->account_id != account_id) {
    return base::fail(base::Code::not_found, "no session of this account");
  }
  return *std::move(session);
}

}  // namespace flow
