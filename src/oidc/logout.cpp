#include "oidc/logout.hpp"

#include <array>
#include <utility>

#include "browser/cookies.hpp"
#include "browser/request_facts.hpp"
#include "flow/oauth/rp_logout.hpp"

namespace oidc {
namespace {

constexpr std::size_t longest_location = 6000;

using Request = flow::LogoutRequest;
constexpr std::array<std::pair<std::string_view, std::string Request::*>, 5> parameters{{
    {"id_token_hint", &Request::id_token_hint},
    {"client_id", &Request::client_id},
    {"post_logout_redirect_uri", &Request::post_logout_redirect_uri},
    {"state", &Request::state},
    {"ui_locales", &Request::ui_locales},
}};

Request read_request(const http::Form& form) {
  Request request;
  request.doubled = !form.find_doubled().empty();
  for (const auto& [name, member] : parameters) request.*member = form.get(name);
  return request;
}

void append_parameter(std::string& location, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  location.append(location.find('?') == std::string::npos ? "?" : "&");
  location.append(name).append(1, '=').append(base::percent_encode(value));
}

std::string print_request(const Request& request) {
  std::string location = "/oauth2/logout";
  for (const auto& [name, member] : parameters) append_parameter(location, name, request.*member);
  return location;
}

http::Response end(const http::Request& request, const flow::LogoutOver& over) {
  http::Response response = http::Response::redirect(over.location.empty() ? "/logout/done" : over.location);
  // A request from another site carries no cookie. Its answer must not remove the cookie of a session that lives on.
  if (!browser::session_of(request).empty()) {
    browser::Cookies cookies(request);
    cookies.remove_session();
    cookies.move_to(response);
  }
  return response;
}

http::Response ask(const flow::LogoutRequest& asked, const flow::LogoutQuestion& question) {
  std::string location = "/logout";
  append_parameter(location, "next", question.sealed);
  append_parameter(location, "ui_locales", asked.ui_locales);
  return http::Response::redirect(std::move(location));
}

}  // namespace

http::Response answer_logout(const Door& door, const http::Request& request) {
  if (request.method == http::Method::head)
    return door.page(request, 405, "oidc.error.request", "HEAD has no answer here");
  const auto form = read_parameters(request);
  if (!form) return door.page(request, 400, "oidc.error.request", form.error().reason);
  const flow::LogoutRequest asked = read_request(*form);
  const std::string cookie = browser::session_of(request);
  if (request.method == http::Method::post && cookie.empty() && !asked.doubled) {
    // As at the authorization endpoint: the browser sends the cookie only with the GET after a redirect.
    std::string location = print_request(asked);
    if (location.size() > longest_location)
      return door.page(request, 400, "oidc.error.request", "the parameters are too long for a redirect");
    return http::Response::redirect(std::move(location));
  }
  const auto outcome = flow::rp_logout(door.house, asked, cookie, browser::facts_of(request));
  if (!outcome) return door.page(request, outcome.error());
  if (const auto* over = std::get_if<flow::LogoutOver>(&*outcome)) return end(request, *over);
  if (const auto* question = std::get_if<flow::LogoutQuestion>(&*outcome)) return ask(asked, *question);
  return door.options.error_page(request, 400, std::get<flow::PageRefusal>(*outcome));
}

}  // namespace oidc
