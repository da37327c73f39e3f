// The pages by their handlers; src/web/mount.cpp says under which address each is found.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

http::Response show_welcome(Visit& visit);  // welcome.cpp
http::Response show_reset(Visit& visit);    // reset.cpp
http::Response submit_reset(Visit& visit);
http::Response show_reset_sent(Visit& visit);
http::Response show_reset_confirm(Visit& visit);  // reset_confirm.cpp
http::Response submit_reset_confirm(Visit& visit);
http::Response show_reset_done(Visit& visit);
http::Response show_policy(Visit& visit);  // policy.cpp
http::Response check_password(Visit& visit);
http::Response show_login_change(Visit& visit);  // login_change.cpp
http::Response submit_login_change(Visit& visit);
http::Response show_security(Visit& visit);  // security.cpp
http::Response submit_security(Visit& visit);
http::Response submit_security_confirm(Visit& visit);
http::Response show_security_changed(Visit& visit);
http::Response show_login(Visit& visit);  // login.cpp
http::Response show_login_password(Visit& visit);
http::Response continue_login(Visit& visit);
http::Response submit_login_password(Visit& visit);  // login_password.cpp
http::Response show_context(Visit& visit);           // context.cpp
http::Response submit_context(Visit& visit);
http::Response show_logout(Visit& visit);  // logout.cpp
http::Response submit_logout(Visit& visit);
http::Response show_logged_out(Visit& visit);
http::Response show_logged_out_by_time(Visit& visit);
http::Response show_account_home(Visit& visit);  // account_home.cpp
http::Response submit_language(Visit& visit);    // language.cpp
http::Response show_session(Visit& visit);       // session.cpp
http::Response extend_session(Visit& visit);
http::Response show_expiring(Visit& visit);      // expiring.cpp
http::Response show_applications(Visit& visit);  // applications.cpp
http::Response show_suspend(Visit& visit);       // leave.cpp
http::Response submit_suspend(Visit& visit);
http::Response show_delete(Visit& visit);
http::Response submit_delete(Visit& visit);
http::Response show_activity(Visit& visit);  // activity.cpp
http::Response show_sessions(Visit& visit);  // sessions.cpp
http::Response submit_end_session(Visit& visit);
http::Response submit_end_other_sessions(Visit& visit);
http::Response submit_forget_device(Visit& visit);
http::Response show_accounts(Visit& visit);  // admin_accounts.cpp
http::Response show_account(Visit& visit);   // admin_account.cpp
http::Response submit_account_unlock(Visit& visit);
http::Response submit_account_suspend(Visit& visit);
http::Response submit_account_restore(Visit& visit);
http::Response submit_account_reset(Visit& visit);
http::Response submit_account_password(Visit& visit);
http::Response show_audit(Visit& visit);    // admin_audit.cpp
http::Response show_confirm(Visit& visit);  // confirm.cpp
http::Response submit_confirm(Visit& visit);
http::Response show_own_data(Visit& visit);  // own_data.cpp
http::Response submit_own_data(Visit& visit);
http::Response submit_address(Visit& visit);
http::Response submit_certificate(Visit& visit);
http::Response submit_certificate_removal(Visit& visit);
http::Response show_sub_accounts(Visit& visit);  // sub_accounts.cpp
http::Response submit_sub_account(Visit& visit);
http::Response show_outbox(Visit& visit);  // admin_outbox.cpp
http::Response submit_outbox(Visit& visit);
http::Response show_theme(Visit& visit);  // theme.cpp
http::Response show_logo(Visit& visit);

/// The form of the login by password, for the visit's attempt.
http::Response show_login_form(Visit& visit);
/// "This login has expired or began in another browser."
http::Response show_attempt_gone(Visit& visit);

}  // namespace web
