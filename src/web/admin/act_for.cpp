// An administrator acts in the context of another person, and returns (S3.9).
#include <chrono>

#include "audit/event.hpp"
#include "flow/admin/act_for_account.hpp"
#include "flow/session/session_settings.hpp"
#include "text/text.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr auto needed = rights::Permission::act_for_others;
constexpr int status_of_refusal = 422;

std::string name_of(const identity::Account& account) {
  std::string name = account.display_name();
  return name.empty() ? account.login : name;
}

/// `flaw`: key of a sentence; "" = none.
http::Response show_page(Visit& visit, std::string_view flaw) {
  const std::string& id = visit.request.path_parameters.at(0);
  const auto choices = flow::find_acting_choices(visit.house, *visit.visitor.actor, id, visit.facts.now);
  if (!choices) return show_error(visit, choices.error());
  View view;
  view.text("id", choices->account.id.to_string()).text("name", name_of(choices->account));
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(visit.house.settings.session.acting_lasts);
  view.text("lasts", visit.say("act_for.lasts", {{"n", static_cast<std::int64_t>(minutes.count())}}));
  view.flag("told", choices->is_told).flag("any", !choices->contexts.empty());
  for (const rights::ActingContext& context : choices->contexts) {
    view.add("contexts").text("key", context.key).text("label", context_name(visit, context));
  }
  if (!flaw.empty()) view.text("flaw", visit.say(flaw));
  add_reasons(view, visit, "act-reason", flaw == "reason.missing");
  add_proof(view, visit);
  view.text("csrf", make_session_csrf(visit, "/admin/accounts/" + id + "/act"));
  return show_inside(visit, "act_for", "act_for.title", "/admin/accounts", std::move(view),
                     flaw.empty() ? 200 : status_of_refusal);
}

std::optional<http::Response> refuse(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  // A path with a login instead of an id is refused, because the answer would tell which logins exist.
  if (!base::Id::parse(visit.request.path_parameters.at(0))) {
    return show_error(visit, 404, "the path has no id of an account");
  }
  return std::nullopt;
}

}  // namespace

http::Response show_act_for(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  return show_page(visit, {});
}

http::Response submit_act_for(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return show_page(visit, "own.flaw.proof_missing");
    case Proof::wrong: return show_page(visit, "own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  visit.facts.motive = audit::motive::find(visit.form.get("reason"));
  if (visit.facts.motive.empty()) return show_page(visit, "reason.missing");
  const std::string context = visit.form.get("context");
  const auto begun = flow::begin_acting(visit.house, *visit.visitor.actor,
                                        {visit.request.path_parameters.at(0), context}, visit.facts);
  if (!begun) return show_error(visit, begun.error());
  visit.cookies.set_session(*begun);
  visit.cookies.set(browser::acting_cookie, "1", std::nullopt);
  return redirect(visit, "/account");
}

http::Response submit_return(Visit& visit) {
  // The time may have been over before the button was pressed.
  if (!visit.visitor.actor->is_acting()) return redirect(visit, "/account");
  const std::string person = visit.visitor.actor->account().id.to_string();
  const auto ended = flow::end_acting(visit.house, *visit.visitor.actor, visit.facts);
  if (!ended) return show_error(visit, ended.error());
  visit.cookies.set_session(*ended);
  visit.cookies.remove(browser::acting_cookie);
  return redirect(visit, "/admin/accounts/" + person);
}

}  // namespace web
