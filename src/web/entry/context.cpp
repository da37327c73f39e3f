// The choice of the acting context (S4.8), right after the login or later.
#include "flow/account/own_account.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/factor_demand.hpp"
#include "text/text.hpp"
#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

std::string description_of(const Visit& visit, const rights::ActingContext& context) {
  const std::string key = context.name + ".text";
  return text::has(key) ? visit.say(key) : std::string();
}

/// The page on which the person wanted another context.
std::string page_after(const http::Form& form) {
  std::string next = form.get("next");
  return flow::is_local_path(next) ? std::move(next) : "/account";
}

http::Response show_choice(Visit& visit, bool is_refused) {
  if (visit.visitor.session() == nullptr) {
    if (visit.attempt) return redirect(visit, flow::login_url(*visit.attempt));
    return redirect_to_login(visit);
  }
  if (visit.visitor.must_change()) {
    return redirect(visit, visit.attempt ? "/login/change?attempt=" + visit.attempt->id.to_string() : "/login/change");
  }
  if (visit.visitor.must_prove()) return redirect(visit, factor_url(visit));
  const auto offered = flow::list_reachable_contexts(visit.house, visit.visitor, visit.facts);
  if (!offered) return show_error(visit, offered.error());
  View view;
  view.text("csrf", make_session_csrf(visit, "/login/context"));
  view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  view.text("person", visit.visitor.account()->display_name());
  if (visit.attempt) view.text("attempt", visit.attempt->id.to_string());
  view.text("next", page_after(is_refused ? visit.form : visit.query));
  view.flag("too_many", is_refused);
  view.flag("may_stay", visit.visitor.actor.has_value() && !visit.attempt);
  view.flag("none", offered->empty()).flag("password_set", visit.query.get("said") == "password");
  for (const auto& [context, is_stronger] : *offered) {
    View& item = view.add("contexts");
    item.flag("stronger", is_stronger);
    item.text("key", context.key).text("name", context_name(visit, context));
    item.text("description", description_of(visit, context));
    item.flag("current", visit.visitor.actor && visit.visitor.actor->context().id == context.id);
  }
  http::Response response = show_entry(visit, "context", "context.title", std::move(view), is_refused ? 429 : 200);
  if (is_refused) response.add("Retry-After", "600");
  return response;
}

}  // namespace

http::Response show_context(Visit& visit) {
  take_attempt(visit, visit.query.get("attempt"));
  return show_choice(visit, false);
}

http::Response submit_context(Visit& visit) {
  const std::string again =
      visit.attempt ? "/login/context?attempt=" + visit.attempt->id.to_string() : "/login/context";
  const std::string wished = visit.form.get("context");
  const auto cookie = flow::choose_context(visit.house, visit.visitor, wished, visit.facts);
  if (!cookie) {
    if (cookie.error().reason == flow::factor_needed) {
      return redirect(visit, factor_url(visit, wished, visit.attempt ? std::string() : page_after(visit.form)));
    }
    // Another tab has chosen meanwhile: this one shows the choice again.
    if (cookie.error().code == base::Code::conflict) return redirect(visit, again);
    if (cookie.error().code == base::Code::too_many) return show_choice(visit, true);
    if (cookie.error().code == base::Code::login_failed) return show_attempt_gone(visit);
    return show_error(visit, cookie.error());
  }
  visit.cookies.set_session(*cookie);
  if (!visit.attempt) return redirect(visit, page_after(visit.form));
  if (visit.attempt->request.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

}  // namespace web
