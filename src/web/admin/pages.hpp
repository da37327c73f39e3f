// The handlers of the pages for administrators. src/web/mount.cpp has their addresses.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

/// Retry-After when there were too many searches by number, which are counted by the hour.
inline constexpr const char* retry_after_searches = "3600";

// admin_accounts.cpp
http::Response show_accounts(Visit& visit);
http::Response submit_accounts(Visit& visit);

// admin_account.cpp
http::Response show_account(Visit& visit);
http::Response submit_account_unlock(Visit& visit);
http::Response submit_account_suspend(Visit& visit);
http::Response submit_account_restore(Visit& visit);
http::Response submit_account_sessions(Visit& visit);
http::Response submit_account_session(Visit& visit);  // one of them
http::Response submit_account_reset(Visit& visit);
http::Response submit_account_password(Visit& visit);

// admin_audit.cpp
http::Response show_audit(Visit& visit);
http::Response submit_audit(Visit& visit);
http::Response export_audit(Visit& visit);  // what the filters find, as CSV or JSON lines

// audit_check.cpp
http::Response show_audit_check(Visit& visit);
http::Response submit_audit_check(Visit& visit);

// admin_outbox.cpp
http::Response show_outbox(Visit& visit);
http::Response submit_outbox(Visit& visit);

}  // namespace web
