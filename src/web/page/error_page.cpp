#include "web/page/error_page.hpp"

#include <array>

#include "base/json.hpp"
#include "base/log.hpp"
#include "browser/cookies.hpp"
#include "browser/refusal_log.hpp"
#include "browser/request_facts.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/record_denial.hpp"
#include "flow/tenant/features.hpp"
#include "web/page/brand.hpp"
#include "web/page/layout.hpp"
#include "web/page/templates.hpp"

namespace web {
namespace {

/// The status whose sentences the page shows, because not every status has sentences of its own.
std::string_view key_of(int status) {
  switch (status) {
    case 403: return "403";
    case 404: return "404";
    case 405: return "405";
    case 408: return "408";
    case 409: return "409";
    case 413:
    case 414:
    case 431: return "413";
    case 429: return "429";
    case 503:
    case 504: return "503";
    case 507: return "507";
    default: return status >= 500 ? "500" : "400";
  }
}

/// "26 MiB", "8 KiB": limits are whole ones.
std::string print_octets(std::size_t octets) {
  constexpr std::size_t kibi = 1024;
  const bool is_large = octets >= kibi * kibi;
  return std::to_string(octets / (is_large ? kibi * kibi : kibi)) + (is_large ? " MiB" : " KiB");
}

View make_view(const http::Request& request, text::Language language, const Mishap& mishap) {
  const std::string key(key_of(mishap.status));
  View view;
  // The body was too large, and not the address or the cookies.
  const bool is_body = mishap.status == 413 && mishap.what_key.empty() && request.body_limit > 0;
  const std::string what_key = !mishap.what_key.empty() ? std::string(mishap.what_key)
                               : is_body                ? "error.413.limit"
                                                        : "error." + key + ".text";
  view.text("what", text::say(language, what_key, {{"size", print_octets(request.body_limit)}}));
  // A refusal while one acts for another person has another way out than the one of a lacking right.
  const bool is_acting = !browser::read_cookie(request, browser::acting_cookie).empty();
  const std::string advice_key = key == "403" && is_acting ? "acting.advice"
                                 : is_body                 ? "error.413.fewer"
                                                           : "error." + key + ".advice";
  view.text("advice", text::say(language, advice_key));
  view.text("request_id", request.request_id);
  return view;
}

void add_uri(View& item, const rights::UriPieces& pieces) {
  for (const rights::UriPiece& piece : pieces) {
    item.add("pieces").text("piece", piece.text).flag("differs", piece.differs);
  }
}

/// For the developers of an application: what it has sent, and what would have been right (docs/decisions/0052).
void add_mistake(View& view, const flow::PageRefusal& refusal) {
  if (refusal.client_id.empty() && refusal.application.empty()) return;
  View& mistake = view.add("mistake");
  mistake.text("asked_client", refusal.client_id).text("application", refusal.application);
  if (!refusal.uris) return;
  add_uri(mistake.add("asked"), refusal.uris->named);
  for (const rights::UriPieces& one : refusal.uris->registered) add_uri(mistake.add("registered"), one);
  mistake.flag("compares", !refusal.uris->registered.empty());
}

bool is_for_programs(const http::Request& request) {
  constexpr std::array<std::string_view, 9> programs{"/api/",
                                                     "/scim/",
                                                     "/csc/",
                                                     "/.well-known/",
                                                     "/oauth2/token",
                                                     "/oauth2/userinfo",
                                                     "/oauth2/introspect",
                                                     "/oauth2/revoke",
                                                     "/oauth2/jwks"};
  for (const std::string_view prefix : programs) {
    if (request.path.starts_with(prefix)) return true;
  }
  const std::string* accept = request.find_header("Accept");
  return accept != nullptr && accept->find("application/json") != std::string::npos &&
         accept->find("text/html") == std::string::npos;
}

std::string_view name_of(int status) {
  switch (status) {
    case 403: return "forbidden";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 408: return "request_timeout";
    case 413:
    case 414:
    case 431: return "too_large";
    case 429: return "too_many_requests";
    case 503: return "unavailable";
    case 507: return "no_space";
    default: return status >= 500 ? "internal" : "invalid_request";
  }
}

http::Response print_for_program(const http::Request& request, int status) {
  base::JsonObject body;
  body.text("error", name_of(status)).number("status", status).text("request_id", request.request_id);
  return http::Response::json(body.finish(), status);
}

/// Whether the page has the menu: for an actor, unless the server has failed, because the menu needs the database.
bool has_menu(const Visit& visit, int status) {
  return visit.visitor.actor && status < 500;
}

/// The error page behind the login. `title` is a key.
http::Response show_error_inside(Visit& visit, std::string_view title, View view, int status) {
  return show_inside(visit, "error_inside", title, "", std::move(view), status);
}

/// Writes the event of a refusal of rights. The answer does not depend on whether it could be written.
void record_denial(const Visit& visit, std::optional<rights::Permission> needed) {
  if (!visit.visitor.actor) return;
  flow::Denial denial{visit.route, needed, {}};
  if (visit.route.starts_with("/admin/accounts/{id}") && !visit.request.path_parameters.empty()) {
    const auto subject = base::Id::parse(visit.request.path_parameters.front());
    if (subject) denial.subject = *subject;
  }
  const auto recorded = flow::record_denial(visit.house, *visit.visitor.actor, denial, visit.facts);
  if (recorded) return;
  base::log(base::Level::error, "a refusal of rights could not be recorded",
            {{"request_id", visit.request.request_id}, {"error", base::describe(recorded.error())}});
}

/// While one acts for another person, a refusal says that it is open to that person only.
Mishap refusal_of(const Visit& visit, int status) {
  const bool is_acting = status == 403 && visit.visitor.actor && visit.visitor.actor->is_acting();
  return is_acting ? Mishap{status, "acting.refused"} : Mishap{status};
}

std::string title_key(int status) {
  return "error." + std::string(key_of(status)) + ".title";
}

}  // namespace

http::Response error_page(const flow::House& house, const http::Request& request, text::Language language,
                          const Mishap& mishap) {
  browser::log_refusal(request, mishap.status, mishap.reason);
  if (is_for_programs(request)) return print_for_program(request, mishap.status);
  const auto brand = last_brand(house);
  View view = make_view(request, language, mishap);
  view.text("title", text::say(language, title_key(mishap.status)));
  // Who it is stands in the database, which this page does not read.
  view.flag("acting_somebody", !browser::read_cookie(request, browser::acting_cookie).empty());
  if (mishap.refusal != nullptr) add_mistake(view, *mishap.refusal);
  view.text("administrator", house.settings.site.administrator);
  view.text("brand", brand->name).text("theme", theme_address(*brand)).text("logo", logo_address(*brand));
  return http::Response::html(render("error", language, view), mishap.status);
}

http::Response error_response(const flow::House& house, const http::Request& request, const Mishap& mishap) {
  return error_page(house, request, browser::language_of(request), mishap);
}

int status_of(base::Code code) {
  switch (code) {
    case base::Code::invalid_input: return 400;
    case base::Code::not_found: return 404;
    case base::Code::already_exists:
    case base::Code::conflict: return 409;
    case base::Code::denied:
    case base::Code::login_failed: return 403;
    case base::Code::expired: return 400;
    case base::Code::too_many: return 429;
    case base::Code::unavailable: return 503;
    case base::Code::internal: break;
  }
  return 500;
}

http::Response show_error(Visit& visit, int status, std::string_view reason) {
  if (has_menu(visit, status) && !is_for_programs(visit.request)) {
    browser::log_refusal(visit.request, status, reason);
    View view = make_view(visit.request, visit.language, refusal_of(visit, status));
    view.flag("to_account");
    return show_error_inside(visit, title_key(status), std::move(view), status);
  }
  http::Response response = error_page(visit.house, visit.request, visit.language, {status, {}, reason});
  visit.cookies.move_to(response);
  if (status == 503 || status == 429) response.add("Retry-After", "5");
  return response;
}

http::Response show_feature_off(Visit& visit) {
  return show_inside(visit, "feature_off", "feature.off.title", "", {}, 403);
}

http::Response show_error(Visit& visit, const base::Error& error) {
  const bool is_off = error.code == base::Code::denied && error.reason == flow::feature_off;
  if (is_off && has_menu(visit, 403)) return show_feature_off(visit);
  if (error.code == base::Code::denied) record_denial(visit, std::nullopt);
  return show_error(visit, status_of(error.code), base::describe(error));
}

http::Response show_forbidden(Visit& visit, rights::Permission needed) {
  record_denial(visit, needed);
  if (visit.visitor.actor->is_acting()) return show_error(visit, 403, "not while acting for another person");
  const std::string reason = "the context \"" + visit.visitor.actor->context().key + "\" lacks the permission";
  const auto offered = flow::list_offered_contexts(visit.house, visit.visitor, visit.facts);
  if (!offered || is_for_programs(visit.request)) return show_error(visit, 403, reason);
  browser::log_refusal(visit.request, 403, reason);
  View view;
  view.text("what", visit.say("error.403.text")).text("request_id", visit.request.request_id);
  for (const rights::ActingContext& context : *offered) {
    if (!rights::allows(context, needed)) continue;
    view.add("contexts").text("key", context.key).text("name", context_name(visit, context));
  }
  const bool may_switch = view.find("contexts") != nullptr;
  view.flag("to_account", !may_switch)
      .flag("offers", may_switch)
      .text("advice", visit.say(may_switch ? "error.403.switch" : "error.403.ask"));
  view.text("csrf_context", make_session_csrf(visit, "/login/context"));
  return show_error_inside(visit, title_key(403), std::move(view), 403);
}

http::Response show_stale_form(Visit& visit, std::string back) {
  browser::log_refusal(visit.request, 403, "the form's token is missing, old or that of another form");
  View view;
  view.text("what", visit.say("form.stale.text")).text("advice", visit.say("form.stale.advice"));
  view.text("request_id", visit.request.request_id);
  view.text("back", std::move(back)).text("back_label", visit.say("form.stale.back"));
  if (has_menu(visit, 403)) return show_error_inside(visit, "form.stale.title", std::move(view), 403);
  return show_entry(visit, "error", "form.stale.title", std::move(view), 403);
}

http::Response refuse_script(Visit& visit) {
  http::Response response = http::Response::json(R"({"error":"forbidden"})", 403);
  visit.cookies.move_to(response);
  return response;
}

}  // namespace web
