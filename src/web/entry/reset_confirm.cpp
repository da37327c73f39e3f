// The page behind the link of a reset (S4.10), in any browser and without a cookie. Opening the link changes nothing,
// because programs that scan mails open links. The button confirms the reset.
#include "flow/password/reset_password.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int status_of_gone = 410;

http::Response show_over(Visit& visit) {
  return show_entry(visit, "reset_over", "reset_over.title", {}, status_of_gone);
}

http::Response show_question(Visit& visit, const std::string& token) {
  View view;
  view.text("token", token);
  return show_entry(visit, "reset_confirm", "reset_confirm.title", std::move(view));
}

}  // namespace

http::Response show_reset_confirm(Visit& visit) {
  const std::string token = visit.query.get("token");
  const auto open = flow::is_reset_link_open(visit.house, token, visit.facts.now);
  if (!open) return show_error(visit, open.error());
  return *open ? show_question(visit, token) : show_over(visit);
}

http::Response submit_reset_confirm(Visit& visit) {
  const std::string token = visit.form.get("token");
  const auto done = flow::confirm_reset(visit.house, token, visit.facts);
  if (!done) return done.error().code == base::Code::expired ? show_over(visit) : show_error(visit, done.error());
  return redirect(visit, "/reset/done?attempt=" + base::percent_encode(done->attempt));
}

http::Response show_reset_done(Visit& visit) {
  // In the browser that began the reset its login attempt continues; in another one a new attempt begins.
  View view;
  if (take_attempt(visit, visit.query.get("attempt"))) view.text("attempt", visit.attempt->id.to_string());
  return show_entry(visit, "reset_done", "reset_done.title", std::move(view));
}

}  // namespace web
