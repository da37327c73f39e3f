#include "oidc/logout.hpp"

#include "flow/find_visitor.hpp"
#include "flow/rp_logout.hpp"

namespace oidc {
namespace {

constexpr std::size_t longest_query = 6000;

flow::LogoutRequest read_request(const http::Form& form) {
  flow::LogoutRequest request;
  request.doubled = !form.find_doubled().empty();
  request.id_token_hint = form.get("id_token_hint");
  request.client_id = form.get("client_id");
  request.post_logout_redirect_uri = form.get("post_logout_redirect_uri");
  request.state = form.get("state");
  request.ui_locales = form.get("ui_locales");
  return request;
}

http::Response end(const http::Request& request, const flow::LogoutOver& over) {
  http::Response response = http::Response::redirect(over.location.empty() ? "/logout/done" : over.location);
  http::Cookie cookie;
  cookie.name = flow::session_cookie_name(request.tls);
  cookie.max_age = 0;
  cookie.secure = request.tls;
  response.add("Set-Cookie", http::to_set_cookie(cookie));
  return response;
}

http::Response ask(const flow::LogoutRequest& asked, const flow::LogoutQuestion& question) {
  std::string location = "/logout";
  char separator = '?';
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    location.append(1, separator).append(name).append(1, '=').append(base::percent_encode(value));
    separator = '&';
  };
  add("next", question.sealed);
  add("ui_locales", asked.ui_locales);
  return http::Response::redirect(std::move(location));
}

}  // namespace

http::Response answer_logout(const Door& door, const http::Request& request) {
  if (request.method == http::Method::head) return door.page(request, 405, "oidc.error.request");
  const auto form = read_parameters(request);
  if (!form) return door.page(request, 400, "oidc.error.request");
  const std::string cookie = session_cookie_of(request);
  if (request.method == http::Method::post && cookie.empty() && request.body.size() <= longest_query) {
    // As at the authorization endpoint: the cookie comes with the GET that follows. The body is a form that was read.
    return http::Response::redirect("/oauth2/logout" + (request.body.empty() ? "" : "?" + request.body));
  }
  const flow::LogoutRequest asked = read_request(*form);
  const auto outcome = flow::rp_logout(door.house, asked, cookie, facts_of(request, base::now()));
  if (!outcome) return door.page(request, outcome.error());
  if (const auto* over = std::get_if<flow::LogoutOver>(&*outcome)) return end(request, *over);
  if (const auto* question = std::get_if<flow::LogoutQuestion>(&*outcome)) return ask(asked, *question);
  return door.page(request, 400, std::get<flow::PageRefusal>(*outcome).text_key);
}

}  // namespace oidc
