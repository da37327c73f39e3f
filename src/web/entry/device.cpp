// The pages on which a person allows a device access: the code that the device shows, then the question (RFC 8628
// §3.3).
#include "flow/grant/device.hpp"

#include "flow/oauth/consent.hpp"
#include "text/text.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr int not_usable = 422;
constexpr int too_many = 429;

/// The form for the code, with what was typed; `problem`: key of the sentence, "" = none.
http::Response show_code_form(Visit& visit, const std::string& typed, std::string_view problem, int status) {
  View view;
  const std::string canonical = flow::canonical_user_code(typed);
  view.text("user_code", canonical.empty() ? typed : flow::print_user_code(canonical));
  if (!problem.empty()) view.text("problem", visit.say(problem));
  http::Response response = show_entry(visit, "device", "device.title", std::move(view), status);
  if (status == too_many) response.add("Retry-After", "600");
  return response;
}

/// The answer to a code that leads nowhere.
http::Response show_failure(Visit& visit, const std::string& typed, const base::Error& error) {
  if (error.code == base::Code::not_found) return show_code_form(visit, typed, "device.unknown", not_usable);
  if (error.code == base::Code::too_many) return show_code_form(visit, typed, "device.too_many", too_many);
  return show_error(visit, error);
}

http::Response show_question(Visit& visit, const std::string& typed, std::string_view problem) {
  const auto asked = flow::find_device_question(visit.house, *visit.visitor.actor, typed, visit.facts);
  if (!asked) return show_failure(visit, typed, asked.error());
  const std::string code = flow::print_user_code(flow::canonical_user_code(typed));
  if (asked->missing_level > 0) {
    // One more proof, and back to the question.
    begin_attempt(visit, "/device/confirm?user_code=" + code);
    visit.attempt->level = asked->missing_level;
    keep_attempt(visit);
    return redirect(visit, flow::login_url(*visit.attempt));
  }
  View view;
  view.text("csrf", make_session_csrf(visit, "/device/confirm")).text("user_code", code);
  view.text("application", rights::name_in(asked->client, text::code_of(visit.language)));
  view.text("person", visit.visitor.account()->display_name());
  for (const flow::ConsentItem& item : asked->items) {
    view.add("items").text("text", item.text);
  }
  if (!problem.empty()) view.text("problem", visit.say(problem));
  visit.kept.emplace_back("user_code", code);
  return show_entry(visit, "device_question", "device.question", std::move(view), problem.empty() ? 200 : not_usable);
}

}  // namespace

http::Response show_device(Visit& visit) {
  const std::string typed = visit.query.get("user_code");
  if (!typed.empty()) visit.kept.emplace_back("user_code", typed);
  return show_code_form(visit, typed, "", 200);
}

http::Response show_device_question(Visit& visit) {
  const std::string typed = visit.query.get("user_code");
  // What cannot be a code is said before anybody logs in for it.
  if (!typed.empty() && flow::canonical_user_code(typed).empty()) {
    visit.kept.emplace_back("user_code", typed);
    return show_code_form(visit, typed, "device.no_code", not_usable);
  }
  if (!visit.visitor.actor) return lead_to_context(visit);
  if (typed.empty()) return redirect(visit, "/device");
  return show_question(visit, typed, "");
}

http::Response submit_device(Visit& visit) {
  const std::string typed = visit.form.get("user_code");
  const bool is_allowed = visit.form.get("answer") == "yes";
  const auto refusal = flow::decide_device(visit.house, *visit.visitor.actor, typed, is_allowed, visit.facts);
  if (!refusal) return show_failure(visit, typed, refusal.error());
  if (!refusal->empty()) {
    return show_question(visit, typed, *refusal == "level_too_low" ? "device.level" : "device.refused");
  }
  return redirect(visit, is_allowed ? "/device/done?allowed=1" : "/device/done");
}

http::Response show_device_done(Visit& visit) {
  const bool is_allowed = visit.query.get("allowed") == "1";
  View view;
  view.flag("allowed", is_allowed);
  return show_entry(visit, "device_done", is_allowed ? "device.allowed" : "device.denied", std::move(view));
}

}  // namespace web
