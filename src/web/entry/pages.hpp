// The handlers of the pages around the login. src/web/mount.cpp has their addresses.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

// welcome.cpp
http::Response show_welcome(Visit& visit);

// help.cpp
http::Response show_help(Visit& visit);
http::Response show_help_topic(Visit& visit);

// reset.cpp
http::Response show_reset(Visit& visit);
http::Response submit_reset(Visit& visit);
http::Response show_reset_sent(Visit& visit);

// reset_confirm.cpp
http::Response show_reset_confirm(Visit& visit);
http::Response submit_reset_confirm(Visit& visit);
http::Response show_reset_done(Visit& visit);
/// The flaws of a password that is being typed behind the link, for a script.
http::Response check_reset_password(Visit& visit);

// policy.cpp
http::Response show_policy(Visit& visit);
http::Response check_password(Visit& visit);

// login_change.cpp
http::Response show_login_change(Visit& visit);
http::Response submit_login_change(Visit& visit);
/// For a visitor who need not change the password: redirects to the next step of the login.
http::Response leave_login_change(Visit& visit);
http::Response show_stale_login_change(Visit& visit);
/// Says that the password was set, before an application goes on.
http::Response show_login_changed(Visit& visit);

// login.cpp
http::Response show_login(Visit& visit);
http::Response show_login_password(Visit& visit);
http::Response continue_login(Visit& visit);
/// Begins the second step on a device that remembers the first one.
http::Response submit_remembered(Visit& visit);
/// The form again, with the login that was typed, for all refusals of a proof; else the error page.
http::Response show_login_failure(Visit& visit, const base::Error& error);
/// The same for a passkey: its words speak of no login name and no password.
http::Response show_passkey_failure(Visit& visit, const base::Error& error);

// login_password.cpp
http::Response submit_login_password(Visit& visit);

// factor.cpp
http::Response show_factor(Visit& visit);
http::Response submit_factor(Visit& visit);
http::Response submit_code_again(Visit& visit);

// enrol.cpp
http::Response show_enrol(Visit& visit);
http::Response submit_enrol_app(Visit& visit);
http::Response submit_enrol_passkey(Visit& visit);

// login_passkey.cpp
/// What the script of the login page hands to the browser.
http::Response show_passkey_options(Visit& visit);
http::Response submit_login_passkey(Visit& visit);
http::Response show_login_certificate(Visit& visit);
http::Response show_present_certificate(Visit& visit);  // at the listener that asks for certificates
http::Response show_certificate_return(Visit& visit);
http::Response submit_login_certificate(Visit& visit);

// context.cpp
http::Response show_context(Visit& visit);
http::Response submit_context(Visit& visit);

// consent.cpp
http::Response show_consent(Visit& visit);
http::Response submit_consent(Visit& visit);

// device.cpp
http::Response show_device(Visit& visit);
http::Response show_device_question(Visit& visit);
http::Response submit_device(Visit& visit);
http::Response show_device_done(Visit& visit);

// logout.cpp
http::Response show_logout(Visit& visit);
http::Response submit_logout(Visit& visit);
/// Removes the cookies and redirects: the last step of a logout, and the only one if no session exists.
http::Response finish_logout(Visit& visit);
http::Response show_logged_out(Visit& visit);
http::Response show_logged_out_by_time(Visit& visit);

/// "This login has expired or began in another browser." (login.cpp)
http::Response show_attempt_gone(Visit& visit);

}  // namespace web
