// The handlers of the pages for administrators. src/web/mount.cpp has their addresses.
#pragma once

#include <string_view>

#include "base/secret.hpp"
#include "http/message.hpp"
#include "rights/client.hpp"
#include "web/page/visit.hpp"

namespace web {

/// Retry-After when there were too many searches by number, which are counted by the hour.
inline constexpr const char* retry_after_searches = "3600";

// admin_home.cpp
http::Response show_admin_home(Visit& visit);

// admin_accounts.cpp
http::Response show_accounts(Visit& visit);
http::Response submit_accounts(Visit& visit);

// admin_bulk.cpp
http::Response submit_bulk(Visit& visit);  // chooses and previews
http::Response submit_bulk_begin(Visit& visit);

// admin_bulk_run.cpp
http::Response show_bulk_runs(Visit& visit);
http::Response show_bulk_run(Visit& visit);
http::Response submit_bulk_stop(Visit& visit);
http::Response show_bulk_results(Visit& visit);

// admin_account_new.cpp
http::Response show_account_new(Visit& visit);
http::Response submit_account_new(Visit& visit);

// admin_account_edit.cpp
http::Response show_account_edit(Visit& visit);
http::Response submit_account_edit(Visit& visit);
http::Response submit_account_certificate(Visit& visit);
http::Response submit_account_certificate_removal(Visit& visit);

// admin_account.cpp
http::Response show_account(Visit& visit);
http::Response submit_account_unlock(Visit& visit);
http::Response submit_account_set_main(Visit& visit);
http::Response submit_account_unset_main(Visit& visit);
http::Response submit_account_reset_factors(Visit& visit);
http::Response submit_account_suspend(Visit& visit);
http::Response submit_account_restore(Visit& visit);
http::Response submit_account_group(Visit& visit);    // adds to a group or removes from it
http::Response submit_account_context(Visit& visit);  // gives or takes one
http::Response submit_account_delete(Visit& visit);
http::Response submit_account_sessions(Visit& visit);
http::Response submit_account_session(Visit& visit);  // one of them
http::Response submit_account_reset(Visit& visit);
http::Response submit_account_password(Visit& visit);

// admin_clients.cpp
http::Response show_clients(Visit& visit);
http::Response show_new_client(Visit& visit);
http::Response submit_new_client(Visit& visit);
/// The page that shows a new secret, which is shown this once; `title` is a key, and `title`.text says what was done.
http::Response show_client_secret(Visit& visit, const rights::Client& client, const base::Secret& secret,
                                  std::string_view title);

// admin_client.cpp
http::Response show_client(Visit& visit);
http::Response submit_client_change(Visit& visit);
http::Response submit_client_enable(Visit& visit);
http::Response submit_client_disable(Visit& visit);
http::Response submit_client_delete(Visit& visit);
http::Response submit_client_secret(Visit& visit);      // a new one beside the old one
http::Response submit_client_secret_end(Visit& visit);  // the old one

// admin_test_login.cpp
http::Response submit_client_try(Visit& visit);
http::Response show_test_login(Visit& visit);

// admin_audit.cpp
http::Response show_audit(Visit& visit);
http::Response submit_audit(Visit& visit);
http::Response export_audit(Visit& visit);  // what the filters find, as CSV or JSON lines

// audit_check.cpp
http::Response show_audit_check(Visit& visit);
http::Response submit_audit_check(Visit& visit);
// act_for.cpp: acting for another person (S3.9)
http::Response show_act_for(Visit& visit);
http::Response submit_act_for(Visit& visit);
http::Response submit_return(Visit& visit);

// sub_account.cpp: of the holder of a main account
http::Response show_sub_account(Visit& visit);
http::Response submit_sub_account_edit(Visit& visit);
http::Response submit_sub_account_context(Visit& visit);  // gives or takes one
http::Response submit_sub_account_reset(Visit& visit);
http::Response submit_sub_account_suspend(Visit& visit);
http::Response submit_sub_account_restore(Visit& visit);
http::Response submit_sub_account_delete(Visit& visit);

// admin_outbox.cpp
http::Response show_outbox(Visit& visit);
http::Response submit_outbox(Visit& visit);

}  // namespace web
