#include "web/page/visit.hpp"

#include <algorithm>
#include <array>

#include "browser/attempts.hpp"
#include "browser/request_facts.hpp"
#include "flow/session/session_settings.hpp"

namespace web {
namespace {

constexpr std::size_t most_parts = 300;  // of a form with files

/// The language that this request chooses counts first.
text::Language choose_language(const Visit& visit, std::string_view ui_locales) {
  if (visit.asked) return *visit.asked;
  const identity::Account* account = visit.visitor.account();
  return browser::choose_language(visit.request, ui_locales,
                                  account == nullptr ? std::string_view() : std::string_view(account->locale));
}

}  // namespace

base::Result<Visit> begin_visit(const flow::House& house, const Options& options, const http::Request& request,
                                bool touch) {
  Visit visit{house, options, request, browser::facts_of(request), {}, {}, {}, {},
              {},    {},      {},      browser::Cookies(request)};
  if (!request.prefix.empty()) visit.facts.idle = house.settings.session.connector_idle;
  ASSIGN_OR_RETURN(visit.query, request.query_form());
  if (request.method == http::Method::post && http::is_multipart(request)) {
    // Several documents can be signed at once.
    ASSIGN_OR_RETURN(http::MultipartForm sent, http::parse_multipart(request, most_parts, "document"));
    visit.form = std::move(sent.fields);
    visit.files = std::move(sent.files);
  } else if (request.method == http::Method::post) {
    ASSIGN_OR_RETURN(visit.form, request.body_form());
  }
  if (!visit.query.find_doubled().empty() || !visit.form.find_doubled().empty()) {
    return base::fail(base::Code::invalid_input, "a field comes twice");
  }
  const std::string cookie = browser::session_of(request);
  if (!cookie.empty()) {
    ASSIGN_OR_RETURN(visit.visitor, flow::find_visitor(house, cookie, visit.facts, touch));
  }
  text::Language asked = text::Language::en;
  if (request.method == http::Method::get && text::find_language(visit.query.get("lang"), asked)) {
    visit.asked = asked;
    visit.cookies.set_language(asked);
  }
  visit.facts.language = visit.language = choose_language(visit, "");
  return visit;
}

bool take_attempt(Visit& visit, std::string_view id) {
  if (id.empty()) return false;
  auto attempt = browser::find_attempt(visit.house, visit.request, id, visit.facts.now);
  if (!attempt) return false;
  visit.attempt = std::move(*attempt);
  if (visit.asked && visit.attempt->ui_locales != text::code_of(*visit.asked)) {
    visit.attempt->ui_locales = text::code_of(*visit.asked);
    keep_attempt(visit);
  }
  visit.facts.language = visit.language = choose_language(visit, visit.attempt->ui_locales);
  return true;
}

void begin_attempt(Visit& visit, std::string return_to) {
  visit.attempt = flow::begin_attempt(std::move(return_to), visit.facts.now);
  keep_attempt(visit);
}

void keep_attempt(Visit& visit) {
  // If the attempt has become too large, the cookie keeps its former value, and only the change is lost.
  (void)browser::keep_attempt(visit.house, *visit.attempt, visit.cookies);
}

void forget_attempt(Visit& visit) {
  browser::forget_attempt(*visit.attempt, visit.cookies);
}

std::string find_form_origin(const flow::Attempt& attempt) {
  if (attempt.request.empty()) return {};
  const auto request = http::Form::parse(attempt.request);
  return request ? find_form_origin(request->get("redirect_uri")) : std::string();
}

std::string find_form_origin(const std::string& uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string::npos || uri.starts_with('/')) return {};
  const bool has_authority = uri.compare(colon, 3, "://") == 0;
  // A private-use scheme (RFC 8252 §7.1) has no authority. Then the scheme alone is the CSP source.
  const std::string origin =
      has_authority ? uri.substr(0, uri.find_first_of("/?#", colon + 3)) : uri.substr(0, colon + 1);
  const bool is_plain = std::all_of(origin.begin(), origin.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":/.-+[]").find(c) != std::string_view::npos;
  });
  return is_plain ? origin : std::string();
}

bool is_session_enough(const Visit& visit) {
  const rights::Session* session = visit.visitor.session();
  if (session == nullptr) return false;
  return !(visit.attempt && visit.attempt->force_login && session->auth_time < visit.attempt->begun);
}

}  // namespace web
