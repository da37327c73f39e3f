// The second step of a login (S3.1): a code, or another factor of the account; and the same page for an application or
// a context that asks for a stronger login.
#include "web/entry/factor.hpp"

#include <algorithm>
#include <chrono>

#include "base/time.hpp"
#include "browser/refusal_log.hpp"
#include "flow/login/enrol_login.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/login/prove_factor.hpp"
#include "flow/proof/passkey_challenge.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/session_settings.hpp"
#include "web/entry/pages.hpp"
#include "web/entry/passkey_options.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

using rights::ProofMethod;

constexpr int status_of_refusal = 422;
constexpr int status_of_limit = 429;

/// Why the page is shown again.
enum class Said : std::uint8_t {
  nothing,
  wrong,
  not_sent,
  kept_back,  // the login itself could send no code
  too_soon
};

struct Place {
  std::string attempt;
  std::string context;  // to be chosen afterwards; "" = none
  std::string next;     // with `context`, without an attempt
};

Place place_of(const Visit& visit, const http::Form& fields) {
  Place place;
  if (visit.attempt) place.attempt = visit.attempt->id.to_string();
  place.context = fields.get("context");
  const std::string next = fields.get("next");
  if (flow::is_local_path(next)) place.next = next;
  return place;
}

/// The level that is asked for: by the application, or by the context that shall be chosen.
base::Result<std::int64_t> find_level(const Visit& visit, const Place& place) {
  std::int64_t level = visit.attempt ? visit.attempt->level : 0;
  if (place.context.empty()) return level;
  ASSIGN_OR_RETURN(const auto contexts, flow::list_reachable_contexts(visit.house, visit.visitor, visit.facts));
  for (const auto& [context, is_stronger] : contexts) {
    if (context.key == place.context) level = std::max(level, context.level);
  }
  return level;
}

std::string url_of(const Place& place, std::string_view method = {}) {
  std::string url = "/login/factor";
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    url.append(url.find('?') == std::string::npos ? "?" : "&").append(name).append("=");
    url.append(base::percent_encode(value));
  };
  add("attempt", place.attempt);
  add("context", place.context);
  add("next", place.next);
  add("method", method);
  return url;
}

ProofMethod choose_method(const flow::FactorStep& step, const http::Form& fields) {
  const auto wished = rights::parse_proof_method(fields.get("method"));
  const auto has = [&](ProofMethod one) {
    return std::find(step.methods.begin(), step.methods.end(), one) != step.methods.end();
  };
  if (wished && has(*wished)) return *wished;
  if (step.code && has(step.code->method)) return step.code->method;
  return step.methods.front();
}

bool is_acting(const Visit& visit) {
  return visit.visitor.actor && visit.visitor.actor->is_acting();
}

bool is_sent(ProofMethod method) {
  return method == ProofMethod::sms || method == ProofMethod::email;
}

void add_code(View& view, const Visit& visit, const flow::FactorStep& step, ProofMethod method, Said said) {
  const bool has_code = step.code && step.code->method == method;
  const bool is_open = has_code && !step.code->is_dead;
  // Another one was asked for too early: the one before is on its way all the same.
  const bool is_early = said == Said::not_sent && has_code && visit.facts.now < step.code->again_at;
  const bool is_kept_back = said == Said::kept_back || (said == Said::not_sent && !is_early);
  view.flag("is_open", is_open).flag("is_dead", has_code && step.code->is_dead).flag("is_early", is_early);
  view.flag("has_failed", (has_code && step.code->has_failed) || is_kept_back);
  view.flag("is_waiting", is_open && step.code->is_waiting && !is_kept_back);
  if (!has_code) return;
  view.text("shown_to", step.code->shown_to);
  const auto left = std::chrono::ceil<std::chrono::seconds>(step.code->again_at - visit.facts.now).count();
  if (left > 0) view.text("wait", std::to_string(left));
  view.text("tries", visit.say("factor.tries", {{"n", step.code->tries_left}}));
}

std::string enrol_url(const Visit& visit) {
  return visit.attempt ? "/login/enrol?attempt=" + visit.attempt->id.to_string() : "/login/enrol";
}

http::Response show_none(Visit& visit, int status) {
  View view;
  if (visit.attempt) view.text("attempt", visit.attempt->id.to_string());
  if (visit.visitor.session() != nullptr) view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  return show_entry(visit, "factor_none", "factor.none.title", std::move(view), status);
}

http::Response show_step(Visit& visit, const http::Form& fields, Said said) {
  if (visit.visitor.session() == nullptr) return go_on_with_login(visit);
  const Place place = place_of(visit, fields);
  const auto level = find_level(visit, place);
  if (!level) return show_error(visit, level.error());
  const auto step = flow::find_factor_step(visit.house, visit.visitor, *level, visit.facts);
  if (!step) return show_error(visit, step.error());
  if (!step->is_due) return go_on_with_login(visit);
  if (step->methods.empty()) {
    const auto enrolment = flow::find_enrol_step(visit.house, visit.visitor, visit.facts);
    if (!enrolment) return show_error(visit, enrolment.error());
    if (enrolment->is_owed) return redirect(visit, enrol_url(visit));
    return show_none(visit, said == Said::nothing || said == Said::kept_back ? 200 : status_of_refusal);
  }
  const ProofMethod method = choose_method(*step, fields);
  View view;
  view.text("csrf", make_session_csrf(visit, "/login/factor"));
  view.text("csrf_send", make_session_csrf(visit, "/login/factor/send"));
  view.text("csrf_logout", make_session_csrf(visit, "/logout"));
  view.text("attempt", place.attempt).text("context", place.context).text("next", place.next);
  view.text("method", std::string(rights::name_of(method)));
  view.text("person", visit.visitor.account()->display_name());
  view.flag("by_sms", method == ProofMethod::sms).flag("by_email", method == ProofMethod::email);
  view.flag("by_totp", method == ProofMethod::totp).flag("by_recovery", method == ProofMethod::recovery);
  view.flag("by_passkey", method == ProofMethod::passkey);
  view.flag("is_typed", method != ProofMethod::passkey);
  view.flag("is_digits", method != ProofMethod::passkey && method != ProofMethod::recovery);
  view.flag("is_step_up", !visit.visitor.must_prove());
  view.flag("wrong", said == Said::wrong).flag("too_soon", said == Said::too_soon);
  view.text("heading", visit.say("factor.heading." + std::string(rights::name_of(method))));
  if (is_sent(method)) {
    add_code(view, visit, *step, method, said);
    view.flag("is_sent").text("here", url_of(place, rights::name_of(method)));
  } else {
    view.flag("is_open");
  }
  if (method == ProofMethod::passkey) {
    const rights::Session& session = *visit.visitor.session();
    const auto request = flow::begin_passkey_proof(visit.house, session.account_id, session.id, visit.facts.now);
    if (!request) return show_error(visit, request.error());
    view.text("options", passkey_options(*request)).text("origin", request->party.origin);
  }
  if (step->remember_first_days > 0)
    view.text("first_days", visit.say("factor.days", {{"n", step->remember_first_days}}));
  if (step->remember_second_days > 0) {
    view.text("second_days", visit.say("factor.days", {{"n", step->remember_second_days}}));
  }
  view.flag("has_others", step->methods.size() > 1);
  for (const ProofMethod other : step->methods) {
    if (other == method) continue;
    View& item = view.add("others");
    item.text("href", url_of(place, rights::name_of(other)));
    item.text("name", visit.say("factor.method." + std::string(rights::name_of(other))));
  }
  const bool is_shown_first = said == Said::nothing || said == Said::kept_back;
  const int status = is_shown_first ? 200 : said == Said::wrong ? status_of_refusal : status_of_limit;
  return show_entry(visit, "factor", "factor.title", std::move(view), status);
}

}  // namespace

std::string factor_url(const Visit& visit, std::string_view context, std::string_view next) {
  Place place;
  if (visit.attempt) place.attempt = visit.attempt->id.to_string();
  place.context = context;
  place.next = next;
  return url_of(place);
}

std::string next_url_after(Visit& visit, const flow::LoginDone& done) {
  visit.cookies.set_session(done.session_cookie);
  if (!done.device_cookie.empty()) {
    visit.cookies.set_device(done.device_cookie, visit.house.settings.session.device_lasts);
  }
  if (visit.attempt && visit.attempt->choose_account) {
    visit.attempt->choose_account = false;  // the login has chosen it
    keep_attempt(visit);
  }
  const std::string attempt = visit.attempt ? "?attempt=" + visit.attempt->id.to_string() : std::string();
  if (done.owes_factor) {
    const std::string refused =
        done.code_refused ? std::string(attempt.empty() ? "?" : "&") + "sent=no" : std::string();
    return "/login/factor" + attempt + refused;
  }
  if (done.must_change != identity::MustChange::no) return "/login/change" + attempt;
  if (done.offers_enrolment) return enrol_url(visit);
  if (done.needs_context) return "/login/context" + attempt;
  if (!visit.attempt) return "/account";
  if (visit.attempt->request.empty()) forget_attempt(visit);
  return flow::resume_url(*visit.attempt);
}

http::Response go_on_after(Visit& visit, const flow::LoginDone& done) {
  return redirect(visit, next_url_after(visit, done));
}

http::Response go_on_with_login(Visit& visit) {
  if (visit.visitor.session() == nullptr) {
    return visit.attempt ? redirect(visit, flow::login_url(*visit.attempt)) : redirect_to_login(visit);
  }
  if (visit.visitor.pending) {
    const std::string step = visit.visitor.must_change() ? "/login/change" : "/login/context";
    return redirect(visit, visit.attempt ? step + "?attempt=" + visit.attempt->id.to_string() : step);
  }
  if (!visit.attempt) return redirect(visit, "/account");
  if (visit.attempt->request.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

http::Response show_factor(Visit& visit) {
  take_attempt(visit, visit.query.get("attempt"));
  return show_step(visit, visit.query, visit.query.get("sent") == "no" ? Said::kept_back : Said::nothing);
}

http::Response submit_factor(Visit& visit) {
  if (is_acting(visit)) return show_error(visit, 403, "nobody proves for another person");
  const auto method = rights::parse_proof_method(visit.form.get("method"));
  if (!method) return show_error(visit, method.error());
  const base::Secret secret(visit.form.get(*method == ProofMethod::passkey ? "answer" : "code"));
  const std::string client = visit.attempt ? visit.attempt->client_id : std::string();
  const flow::DeviceWish remember{visit.form.get("remember_first") == "1", visit.form.get("remember_second") == "1"};
  const auto done = flow::prove_factor(visit.house, visit.visitor, {*method, secret, client, remember}, visit.facts);
  if (!done) {
    switch (done.error().code) {
      case base::Code::login_failed:
        browser::log_refusal(visit.request, status_of_refusal, "a second step failed; the audit log has the reason");
        return show_step(visit, visit.form, Said::wrong);
      case base::Code::too_many: return show_step(visit, visit.form, Said::too_soon);
      case base::Code::conflict: return redirect(visit, factor_url(visit));
      default: break;
    }
    if (done.error().reason == flow::no_factor) return show_none(visit, status_of_refusal);
    return show_error(visit, done.error());
  }
  const std::string context = visit.form.get("context");
  if (context.empty() || done->owes_factor || done->must_change != identity::MustChange::no) {
    return go_on_after(visit, *done);
  }
  // The context for which the page was opened.
  const auto visitor = flow::find_visitor(visit.house, done->session_cookie.reveal(), visit.facts);
  if (!visitor) return show_error(visit, visitor.error());
  const auto cookie = flow::choose_context(visit.house, *visitor, context, visit.facts);
  if (!cookie) return go_on_after(visit, *done);
  visit.cookies.set_session(*cookie);
  const Place place = place_of(visit, visit.form);
  if (!visit.attempt) return redirect(visit, place.next.empty() ? "/account" : place.next);
  if (visit.attempt->request.empty()) forget_attempt(visit);
  return redirect(visit, flow::resume_url(*visit.attempt));
}

http::Response submit_code_again(Visit& visit) {
  if (is_acting(visit)) return show_error(visit, 403, "nobody proves for another person");
  const auto method = rights::parse_proof_method(visit.form.get("method"));
  if (!method) return show_error(visit, method.error());
  const auto sent = flow::send_code(visit.house, visit.visitor, *method, visit.facts);
  if (!sent) {
    if (sent.error().code == base::Code::too_many) return show_step(visit, visit.form, Said::not_sent);
    if (sent.error().code == base::Code::conflict) return redirect(visit, factor_url(visit));
    if (sent.error().code != base::Code::not_found) return show_error(visit, sent.error());
  }
  return redirect(visit, url_of(place_of(visit, visit.form), rights::name_of(*method)));
}

}  // namespace web
