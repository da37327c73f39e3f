#include "web/page/visit.hpp"

#include <algorithm>
#include <array>

#include "flow/house/header_text.hpp"
#include "flow/session/known_device.hpp"

namespace web {
namespace {

constexpr std::string_view language_cookie = "chancery_lang";
constexpr std::int64_t year = 365LL * 24 * 60 * 60;

std::string_view header_of(const http::Request& request, std::string_view name) {
  const std::string* value = request.find_header(name);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

/// The account's own choice counts before that of the browser.
text::Language choose_language(const Visit& visit, std::string_view ui_locales) {
  if (visit.asked) return *visit.asked;
  const identity::Account* account = visit.visitor.account();
  const std::string chosen_here = visit.request.cookie(language_cookie);
  return text::choose_language(ui_locales,
                               account != nullptr && !account->locale.empty() ? account->locale : chosen_here,
                               header_of(visit.request, "Accept-Language"));
}

}  // namespace

void Visit::set_cookie(std::string name, std::string value, std::optional<std::int64_t> max_age) {
  http::Cookie cookie;
  cookie.name = std::move(name);
  cookie.value = std::move(value);
  cookie.max_age = max_age;
  cookie.secure = request.tls;
  cookies.push_back(http::to_set_cookie(cookie));
}

void Visit::set_session_cookie(std::string_view value) {
  set_cookie(std::string(flow::session_cookie_name(request.tls)), std::string(value), std::nullopt);
}

void Visit::clear_session_cookie() {
  set_cookie(std::string(flow::session_cookie_name(request.tls)), "", 0);
}

text::Language language_of(const http::Request& request) {
  return text::choose_language("", request.cookie(language_cookie), header_of(request, "Accept-Language"));
}

base::Result<Visit> begin_visit(const flow::House& house, const Options& options, const http::Request& request,
                                bool touch) {
  Visit visit{house, options, request, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  visit.facts = {request.client_ip, flow::header_text(header_of(request, "User-Agent")), request.request_id,
                 base::now(), request.cookie(flow::device_cookie_name(request.tls))};
  ASSIGN_OR_RETURN(visit.query, request.query_form());
  if (request.method == http::Method::post && http::is_multipart(request)) {
    ASSIGN_OR_RETURN(http::MultipartForm sent, http::parse_multipart(request));
    visit.form = std::move(sent.fields);
    visit.files = std::move(sent.files);
  } else if (request.method == http::Method::post) {
    ASSIGN_OR_RETURN(visit.form, request.body_form());
  }
  if (!visit.query.find_doubled().empty() || !visit.form.find_doubled().empty()) {
    return base::fail(base::Code::invalid_input, "a field comes twice");
  }
  const std::string cookie = request.cookie(flow::session_cookie_name(request.tls));
  if (!cookie.empty()) {
    ASSIGN_OR_RETURN(visit.visitor, flow::find_visitor(house, cookie, visit.facts, touch));
  }
  text::Language asked = text::Language::en;
  if (request.method == http::Method::get && text::find_language(visit.query.get("lang"), asked)) {
    visit.asked = asked;
    visit.set_cookie(std::string(language_cookie), std::string(text::code_of(asked)), year);
  }
  visit.facts.language = visit.language = choose_language(visit, "");
  return visit;
}

bool take_attempt(Visit& visit, std::string_view id) {
  if (id.empty()) return false;
  const std::string value = visit.request.cookie(flow::attempt_cookie_name(id, visit.request.tls));
  auto attempt = flow::open_attempt(visit.house, id, value, visit.facts.now);
  if (!attempt) return false;
  visit.attempt = std::move(*attempt);
  if (visit.asked && visit.attempt->ui_locales != text::code_of(*visit.asked)) {
    visit.attempt->ui_locales = text::code_of(*visit.asked);
    keep_attempt(visit);
  }
  visit.language = choose_language(visit, visit.attempt->ui_locales);
  return true;
}

void begin_attempt(Visit& visit, std::string return_to) {
  visit.attempt = flow::begin_attempt(std::move(return_to), visit.facts.now);
  keep_attempt(visit);
}

void keep_attempt(Visit& visit) {
  constexpr std::size_t most = 4;
  const auto sealed = flow::seal_attempt(visit.house, *visit.attempt);
  if (!sealed) return;  // too large: it was kept once, so only a change is lost
  const std::string name = flow::attempt_cookie_name(visit.attempt->id.to_string(), visit.request.tls);
  const std::string prefix = flow::attempt_cookie_prefix(visit.request.tls);
  std::vector<std::string> others;
  for (const auto& [other, value] : visit.request.cookies()) {
    if (other.starts_with(prefix) && other != name) others.emplace_back(other);
  }
  // Ids are ordered by time.
  std::sort(others.begin(), others.end());
  for (std::size_t i = 0; i + most <= others.size(); ++i) visit.set_cookie(others[i], "", 0);
  visit.set_cookie(name, *sealed,
                   std::chrono::duration_cast<std::chrono::seconds>(visit.house.settings.attempt_lasts).count());
}

void forget_attempt(Visit& visit) {
  visit.set_cookie(flow::attempt_cookie_name(visit.attempt->id.to_string(), visit.request.tls), "", 0);
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
  // A private-use scheme (RFC 8252 §7.1) has no authority: the scheme itself is the source.
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
