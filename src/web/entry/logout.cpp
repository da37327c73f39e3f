// Logout from this server and from every application that was opened with this login.
#include "flow/session/logout.hpp"

#include "audit/event.hpp"
#include "browser/attempts.hpp"
#include "flow/login/attempt.hpp"
#include "flow/oauth/post_logout.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

/// The address after the logout: the one that a relying party asked for, which was checked when it was sealed
/// (flow/oauth/rp_logout), else a page of this server.
std::string find_next(const Visit& visit, const std::string& sealed) {
  if (!sealed.empty()) {
    if (auto location = flow::open_post_logout(visit.house, sealed, visit.facts.now)) return std::move(*location);
  }
  return "/logout/done";
}

}  // namespace

http::Response show_logout(Visit& visit) {
  const std::string sealed = visit.query.get("next");
  const std::string next = find_next(visit, sealed);
  if (visit.visitor.session() == nullptr) return redirect(visit, next);
  const std::string locales = visit.query.get("ui_locales");
  if (!locales.empty() && !visit.asked) {
    visit.language = text::choose_language(locales, text::code_of(visit.language), "");
  }
  View view;
  view.text("next", sealed);
  view.text("person", visit.visitor.holder()->display_name()).text("csrf", make_session_csrf(visit, "/logout"));
  http::Response response = show_entry(visit, "logout", "logout.title", std::move(view));
  response.form_action = find_form_origin(next);
  return response;
}

http::Response submit_logout(Visit& visit) {
  const auto done = flow::logout(visit.house, visit.visitor, audit::why::logout, visit.facts);
  return done ? finish_logout(visit) : show_error(visit, done.error());
}

http::Response finish_logout(Visit& visit) {
  visit.cookies.remove_session();
  browser::forget_all_attempts(visit.cookies);
  return redirect(visit, find_next(visit, visit.form.get("next")));
}

http::Response show_logged_out(Visit& visit) {
  if (visit.visitor.session() != nullptr) return redirect(visit, "/logout");
  return show_entry(visit, "logged_out", "logged_out.title", {});
}

http::Response show_logged_out_by_time(Visit& visit) {
  // The session was extended in another tab, so that the person is still logged in.
  if (visit.visitor.session() != nullptr) return redirect(visit, "/account");
  visit.cookies.remove_session();
  View view;
  view.flag("by_time");
  // The page that was open: it asks for the login, which leads back to it.
  if (std::string next = visit.query.get("next"); flow::is_local_path(next)) view.text("next", std::move(next));
  return show_entry(visit, "logged_out", "logged_out.title", std::move(view));
}

}  // namespace web
