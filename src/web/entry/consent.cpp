// The question whether an application may learn what it asks for (OIDC Core §3.1.2.4, S4.19).
#include "flow/oauth/consent.hpp"

#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {}  // namespace

http::Response show_consent(Visit& visit) {
  if (!take_attempt(visit, visit.query.get("attempt"))) return show_attempt_gone(visit);
  if (visit.visitor.session() == nullptr) return redirect(visit, flow::login_url(*visit.attempt));
  // What is missing in the login, and whether anything is asked, says the authorization endpoint.
  if (!visit.visitor.actor) return redirect(visit, flow::resume_url(*visit.attempt));
  const auto question = flow::find_consent_question(visit.house, *visit.attempt, visit.language);
  if (!question) return show_error(visit, question.error());
  if (!*question) return redirect(visit, flow::resume_url(*visit.attempt));
  View view;
  view.text("csrf", make_session_csrf(visit, "/login/consent"));
  view.text("attempt", visit.attempt->id.to_string());
  view.text("application", (*question)->name).text("person", visit.visitor.account()->display_name());
  view.text("address", find_form_origin(*visit.attempt));
  for (const flow::ConsentItem& item : (*question)->items) view.add("items").text("text", item.text);
  return show_entry(visit, "consent", "consent.title", std::move(view));
}

http::Response submit_consent(Visit& visit) {
  if (visit.visitor.actor && visit.visitor.actor->is_acting()) {
    return show_error(visit, 403, "nobody agrees for another person");
  }
  if (!visit.attempt) return show_attempt_gone(visit);
  if (!visit.visitor.actor) return redirect(visit, flow::resume_url(*visit.attempt));
  const bool is_given = visit.form.get("answer") == "yes";
  const auto done = flow::answer_consent(visit.house, *visit.visitor.actor, *visit.attempt, is_given, visit.facts);
  if (!done && done.error().code != base::Code::not_found) return show_error(visit, done.error());
  if (!is_given) {
    visit.attempt->is_refused = true;
    keep_attempt(visit);
  }
  return redirect(visit, flow::resume_url(*visit.attempt));
}

}  // namespace web
