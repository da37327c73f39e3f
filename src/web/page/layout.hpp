// The parts that all pages share: title, language, look, and on the pages behind the login the header and the menu.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "web/page/error_page.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// A page without menu, for visitors who need not be logged in. `title` is a key. Sets the visit's cookies.
http::Response show_entry(Visit& visit, std::string_view page, std::string_view title, View view, int status = 200);
/// A page with menu, behind the login. `here` is the path of its entry in the menu. The visitor must be an actor.
http::Response show_inside(Visit& visit, std::string_view page, std::string_view title, std::string_view here,
                           View view, int status = 200);
/// 303 with the visit's cookies.
http::Response redirect(Visit& visit, std::string location);
/// Redirects to the login, which says so if the browser still has the cookie of a session that has ended. After the
/// login the person comes back to this page.
http::Response redirect_to_login(Visit& visit);
/// Leads a visitor without an actor to what is missing: the second step, a new password, the context, or the login.
http::Response lead_to_context(Visit& visit);

/// The page for a refusal or an error: title, what happened, what to do, request id. `reason` goes to the log only. An
/// actor sees the page with the menu.
http::Response show_error(Visit& visit, int status, std::string_view reason);
/// The answer to a form with a wrong token: "nothing was done". `back` leads to a fresh form.
http::Response show_stale_form(Visit& visit, std::string back);
/// The same for a form that a script sends.
http::Response refuse_script(Visit& visit);
/// 403 for what is not enabled for the organisation (S1.10).
http::Response show_feature_off(Visit& visit);
/// The error of a flow as a page.
http::Response show_error(Visit& visit, const base::Error& error);
/// 403 for an actor whose context lacks the permission. Offers the account's contexts that have it.
http::Response show_forbidden(Visit& visit, rights::Permission needed);

/// Name of a context in the person's language, if the context's name is a key of the catalogues.
std::string context_name(const Visit& visit, const std::string& name);
std::string context_name(const Visit& visit, const rights::ActingContext& context);
/// "Ordinary user, Administrator"; "" = none.
std::string context_names(const Visit& visit, const std::vector<rights::ActingContext>& contexts);

/// Values of a form's field `csrf`; `path` is where the form is sent. The visitor must be logged in.
/// What the tokens of forms are bound to: the session, and the person for whom it acts, so that a form that was opened
/// for another person has no effect on the own account, and the other way round.
std::string session_binding(const Visit& visit);
std::string make_session_csrf(const Visit& visit, std::string_view path);
/// The visit must have an attempt.
std::string make_attempt_csrf(const Visit& visit, std::string_view path);

}  // namespace web
