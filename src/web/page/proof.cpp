#include "web/page/proof.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/page/browser_summary.hpp"
#include "web/page/layout.hpp"

namespace web {

Proof settle_proof(Visit& visit) {
  if (flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return Proof::fresh;
  const base::Secret password(visit.form.get("password"));
  if (password.empty()) return Proof::missing;
  auto proven =
      flow::prove_again(visit.house, *visit.visitor.actor, {rights::ProofMethod::password, password}, visit.facts);
  if (!proven) {
    if (proven.error().code == base::Code::too_many) return Proof::barred;
    return proven.error().code == base::Code::login_failed ? Proof::wrong : Proof::unavailable;
  }
  visit.cookies.set_session(*proven);
  auto again = flow::find_visitor(visit.house, proven->reveal(), visit.facts, false);
  if (!again || !again->actor) return Proof::unavailable;
  visit.visitor = std::move(*again);
  return Proof::fresh;
}

namespace {

/// The page with the form. A form that was refused has an address of its own, at which there is no page.
std::string address_after_proof(const Visit& visit) {
  if (!visit.page.empty()) return visit.page;
  std::string address = visit.request.path;
  for (const auto& [name, value] : visit.query.fields()) {
    if (name == "done" || name == "said" || name == "lang") continue;
    address.append(address.find('?') == std::string::npos ? "?" : "&");
    address.append(base::percent_encode(name)).append("=").append(base::percent_encode(value));
  }
  return address;
}

}  // namespace

void add_proof(View& view, const Visit& visit, std::string id) {
  view.text("proof_id", std::move(id));
  const rights::Actor& actor = *visit.visitor.actor;
  view.flag("proof_closed", actor.is_acting());
  if (actor.is_acting() || flow::has_fresh_proof(visit.house, actor, visit.facts.now)) return;
  // An account without a password proves it on the page of the proof. If that cannot be found out, the field is shown.
  const auto methods = flow::list_proof_methods(visit.house, actor, visit.facts.now);
  const bool has_password =
      !methods || std::find(methods->begin(), methods->end(), rights::ProofMethod::password) != methods->end();
  const bool has_others = has_password && methods && methods->size() > 1;
  view.flag("ask_proof", has_password).flag("prove_elsewhere", !has_password).flag("prove_otherwise", has_others);
  if (!has_password || has_others)
    view.text("prove_at", "/account/confirm?next=" + base::percent_encode(address_after_proof(visit)));
}

http::Response prove_first(Visit& visit, std::string_view page) {
  if (visit.visitor.actor->is_acting()) return show_error(visit, 403, "not while acting for another person");
  return redirect(visit, "/account/confirm?next=" + base::percent_encode(page));
}

std::string say_use(const Visit& visit, std::string_view key, std::string device, base::Time last_seen) {
  const std::string& zone = visit.house.settings.site.time_zone;
  return visit.say(key, {{"device", std::move(device)}, {"at", text::format_time(visit.language, last_seen, zone)}});
}

void add_reasons(View& view, const Visit& visit, std::string_view id, bool is_missing) {
  view.text("reason_id", std::string(id)).flag("lacks_reason", is_missing);
  for (const audit::Code& one : audit::motive::all) {
    View& item = view.add("reasons");
    item.text("value", std::string(one.view())).text("label", visit.say("audit.motive." + std::string(one.view())));
  }
}

void ask_reason(Question& question, const Visit& visit) {
  question.reason = "reason";
  question.lacks_reason = visit.query.get("reason") == "missing";
}

std::optional<http::Response> ask_reason_first(Visit& visit, const std::string& question) {
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, question);
  visit.facts.motive = audit::motive::find(visit.form.get("reason"));
  if (!visit.facts.motive.empty()) return std::nullopt;
  return redirect(visit, visit.form.has("reason") ? question + "&reason=missing" : question);
}

void add_question(View& view, const Visit& visit, Question question) {
  View& item = view.add("question");
  item.text("question_csrf", make_session_csrf(visit, question.path));
  item.text("question_text", std::move(question.text)).text("question_submit", std::move(question.submit));
  item.text("question_path", std::move(question.path)).text("question_page", std::move(question.page));
  for (auto& [name, value] : question.fields) {
    item.add("question_fields").text("field_name", std::move(name)).text("field_value", std::move(value));
  }
  for (auto& [name, value] : question.days) {
    View& day = item.add("question_days").text("day_label", visit.say("question.day." + name));
    day.text("day_name", std::move(name)).text("day_value", std::move(value));
  }
  item.text("consequence", std::move(question.consequence)).flag("dangerous", question.is_dangerous);
  if (!question.reason.empty()) add_reasons(item, visit, question.reason, question.lacks_reason);
}

}  // namespace web
