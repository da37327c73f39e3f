// Log-out: here and in every application that was opened with this login.
#include "flow/logout.hpp"

#include "web/layout.hpp"
#include "web/pages.hpp"

namespace web {
namespace {

void clear_cookies(Visit& visit) {
  visit.clear_session_cookie();
  const std::string prefix = flow::attempt_cookie_prefix(visit.request.tls);
  for (const auto& [name, value] : visit.request.cookies()) {
    if (name.starts_with(prefix)) visit.set_cookie(std::string(name), "", 0);
  }
}

}  // namespace

http::Response show_logout(Visit& visit) {
  if (visit.visitor.session() == nullptr) return redirect(visit, "/logout/done");
  View view;
  view.text("person", visit.visitor.account()->display_name()).text("csrf", make_session_csrf(visit, "/logout"));
  return show_entry(visit, "logout", "logout.title", std::move(view));
}

http::Response submit_logout(Visit& visit) {
  if (visit.visitor.session() != nullptr) {
    if (!is_form_ours(visit, "/logout")) return show_stale_form(visit, "/logout");
    const auto done = flow::logout(visit.house, visit.visitor, "log-out", visit.facts);
    if (!done) return show_error(visit, done.error());
  }
  clear_cookies(visit);
  return redirect(visit, "/logout/done");
}

http::Response show_logged_out(Visit& visit) {
  if (visit.visitor.session() != nullptr) return redirect(visit, "/logout");
  return show_entry(visit, "logged_out", "logged_out.title", {});
}

http::Response show_logged_out_by_time(Visit& visit) {
  // Another tab went on working: then nobody is logged out.
  if (visit.visitor.session() != nullptr) return redirect(visit, "/account");
  visit.clear_session_cookie();
  View view;
  view.flag("by_time");
  return show_entry(visit, "logged_out", "logged_out.title", std::move(view));
}

}  // namespace web
