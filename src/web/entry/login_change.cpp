// The change of password that must be made before any other page (S4.10, S0.2, S0.3). The page says why and shows the
// policy. The choice of the context follows.
#include "flow/password/change_password.hpp"
#include "flow/password/find_policy.hpp"
#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"

namespace web {
namespace {

constexpr int status_of_refusal = 422;

std::string with_attempt(const Visit& visit, std::string path) {
  return visit.attempt ? path + "?attempt=" + visit.attempt->id.to_string() : path;
}

http::Response go_on(Visit& visit) {
  if (!visit.attempt) return redirect(visit, "/account");
  if (visit.attempt->request.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

/// `judgement` of what was sent; nullptr = nothing was judged.
http::Response show_form(Visit& visit, View view, int status, const flow::ChangeJudgement* judgement = nullptr) {
  const auto policy = flow::find_policy_for(visit.house, visit.visitor, visit.facts.now);
  if (!policy) return show_error(visit, policy.error());
  add_rules(view, visit, *policy, judgement);
  if (judgement != nullptr) add_judgement(view, visit, *judgement);
  const std::string_view reason = identity::name_of(visit.visitor.pending->session.must_change);
  view.flag("ask_old", flow::needs_old_password(visit.house, visit.visitor, visit.facts.now));
  view.text("why", visit.say("login_change." + std::string(reason)));
  const identity::Account& account = *visit.visitor.account();
  view.text("person", account.display_name()).text("login", account.login);
  if (visit.attempt) view.text("attempt", visit.attempt->id.to_string());
  view.text("csrf", make_session_csrf(visit, "/login/change"));
  view.text("csrf_check", make_session_csrf(visit, "/policy/check"));
  view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  return show_entry(visit, "login_change", "login_change.title", std::move(view), status);
}

}  // namespace

http::Response leave_login_change(Visit& visit) {
  if (visit.visitor.pending) return redirect(visit, with_attempt(visit, "/login/context"));
  if (visit.visitor.actor) return go_on(visit);
  if (visit.attempt) return redirect(visit, flow::login_url(*visit.attempt));
  return redirect_to_login(visit);
}

http::Response show_stale_login_change(Visit& visit) {
  if (!visit.visitor.must_change()) return leave_login_change(visit);
  return show_stale_form(visit, with_attempt(visit, "/login/change"));
}

http::Response show_login_change(Visit& visit) {
  take_attempt(visit, visit.query.get("attempt"));
  if (visit.visitor.must_prove()) return redirect(visit, factor_url(visit));
  if (!visit.visitor.must_change()) return leave_login_change(visit);
  return show_form(visit, {}, 200);
}

http::Response submit_login_change(Visit& visit) {
  if (!visit.visitor.must_change()) return leave_login_change(visit);
  const auto checked = flow::check_change(visit.house, visit.visitor, read_change(visit), visit.facts);
  View view;
  if (!checked) {
    if (checked.error().code != base::Code::login_failed) return show_error(visit, checked.error());
    view.flag("wrong_old");
    return show_form(visit, std::move(view), status_of_refusal);
  }
  if (!checked->judgement.is_fine()) {
    return show_form(visit, std::move(view), status_of_refusal, &checked->judgement);
  }
  const auto done = flow::confirm_change(visit.house, visit.visitor, checked->ticket, visit.facts);
  if (!done) {
    // Another tab has changed the password, or the session has ended: /login finds out what the next step is.
    const bool over = done.error().code == base::Code::expired || done.error().code == base::Code::login_failed;
    return over ? redirect(visit, with_attempt(visit, "/login")) : show_error(visit, done.error());
  }
  visit.cookies.set_session(done->session_cookie);
  // The next page says it: the choice of the context, or the overview.
  if (done->needs_context) {
    return redirect(visit, with_attempt(visit, "/login/context") + (visit.attempt ? "&" : "?") + "said=password");
  }
  if (!visit.attempt || flow::resume_url(*visit.attempt) == "/account") {
    if (visit.attempt) forget_attempt(visit);
    return redirect(visit, "/account?said=password");
  }
  // An application says nothing of it. The message about the change does, without a further step; only who gets none is
  // told by a page.
  return done->is_told ? go_on(visit) : redirect(visit, with_attempt(visit, "/login/changed"));
}

http::Response show_login_changed(Visit& visit) {
  take_attempt(visit, visit.query.get("attempt"));
  if (!visit.visitor.actor || !visit.attempt) return leave_login_change(visit);
  View view;
  view.text("go_to", flow::resume_url(*visit.attempt));
  return show_entry(visit, "login_changed", "login_changed.title", std::move(view));
}

}  // namespace web
