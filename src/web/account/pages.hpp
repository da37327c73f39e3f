// The handlers of the pages for the account's own person. src/web/mount.cpp has their addresses.
#pragma once

#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

// security.cpp
http::Response show_security(Visit& visit);
http::Response submit_security(Visit& visit);
http::Response submit_security_confirm(Visit& visit);
http::Response show_security_changed(Visit& visit);

// account_home.cpp
http::Response show_account_home(Visit& visit);

// language.cpp
http::Response submit_language(Visit& visit);
http::Response show_stale_language(Visit& visit);

// session.cpp
http::Response show_session(Visit& visit);

// expiring.cpp
http::Response show_expiring(Visit& visit);

// applications.cpp
http::Response show_applications(Visit& visit);
http::Response submit_withdrawal(Visit& visit);
/// The list `applications` and the flag `any`, for the page of the applications and for the overview.
base::Result<void> add_applications(View& view, const Visit& visit);

// leave.cpp
http::Response show_suspend(Visit& visit);
http::Response submit_suspend(Visit& visit);
http::Response show_delete(Visit& visit);
http::Response submit_delete(Visit& visit);
http::Response submit_suspend_successor(Visit& visit);  // the last super administrator names another one
http::Response submit_delete_successor(Visit& visit);

// activity.cpp
http::Response show_activity(Visit& visit);

// sessions.cpp
http::Response show_sessions(Visit& visit);
http::Response submit_end_session(Visit& visit);
http::Response submit_end_other_sessions(Visit& visit);
http::Response submit_device_name(Visit& visit);
http::Response submit_forget_device(Visit& visit);

// factors.cpp
http::Response show_factors(Visit& visit);
http::Response submit_factor_name(Visit& visit);
http::Response submit_factor_removal(Visit& visit);
http::Response submit_always(Visit& visit);

// factor_app.cpp
http::Response show_factor_app(Visit& visit);
http::Response submit_factor_app(Visit& visit);

// factor_passkey.cpp
http::Response show_factor_passkey(Visit& visit);
http::Response submit_factor_passkey(Visit& visit);

// factor_recovery.cpp
http::Response submit_recovery_codes(Visit& visit);

// confirm.cpp
http::Response show_confirm(Visit& visit);
http::Response submit_confirm(Visit& visit);
http::Response submit_confirm_send(Visit& visit);

// own_data.cpp
http::Response show_own_data(Visit& visit);
http::Response submit_own_data(Visit& visit);
http::Response submit_address(Visit& visit);
http::Response submit_certificate(Visit& visit);
http::Response show_presented_certificate(Visit& visit);
http::Response submit_presented_certificate(Visit& visit);
http::Response submit_certificate_removal(Visit& visit);

// data_download.cpp
http::Response show_data_download(Visit& visit);
http::Response submit_data_download(Visit& visit);

// tokens.cpp
http::Response show_tokens(Visit& visit);
http::Response submit_new_token(Visit& visit);
http::Response submit_own_token_revocation(Visit& visit);

// sub_accounts.cpp
http::Response show_sub_accounts(Visit& visit);
http::Response submit_sub_account(Visit& visit);

}  // namespace web
