#include "oidc/authorize.hpp"

#include <optional>

#include "browser/attempts.hpp"
#include "browser/request_facts.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/authorize.hpp"
#include "oidc/authorization_request.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

constexpr std::size_t longest_echoed_state = 1024;
constexpr std::size_t longest_query = 6000;

// One request to this endpoint, and what is known about it so far.
struct Passage {
  const Door& door;
  const http::Request& request;
  flow::AuthorizationRequest asked;
  std::optional<flow::Attempt> attempt;  // if the request resumes one
};

/// The redirect_uri with the parameters added, with `state` unchanged and `iss`, our identifier (RFC 9207 §2).
http::Response redirect_back(const Passage& passage, std::string_view first_parameters) {
  std::string location = passage.asked.redirect_uri;
  location.reserve(location.size() + first_parameters.size() + passage.asked.state.size() + 128);
  location.append(location.find('?') == std::string::npos ? "?" : "&").append(first_parameters);
  if (!passage.asked.state.empty() && passage.asked.state.size() <= longest_echoed_state) {
    location.append("&state=").append(base::percent_encode(passage.asked.state));
  }
  location.append("&iss=").append(base::percent_encode(passage.door.house.settings.site.issuer));
  http::Response response = http::Response::redirect(std::move(location));
  if (passage.attempt) {
    browser::Cookies cookies(passage.request);
    browser::forget_attempt(*passage.attempt, cookies);
    cookies.move_to(response);
  }
  return response;
}

http::Response redirect_refusal(const Passage& passage, const flow::OAuthRefusal& refusal) {
  std::string parameters = "error=";
  parameters.append(name_of(refusal.error));
  parameters.append("&error_description=").append(base::percent_encode(refusal.description));
  return redirect_back(passage, parameters);
}

http::Response send_to_login(const Passage& passage, flow::Attempt attempt) {
  if (attempt.request.empty()) attempt.request = print_request(passage.asked);
  browser::Cookies cookies(passage.request);
  if (!browser::keep_attempt(passage.door.house, attempt, cookies)) {
    return redirect_refusal(passage, {flow::OAuthError::invalid_request, "the request is too large"});
  }
  http::Response response = http::Response::redirect(flow::login_url(attempt));
  cookies.move_to(response);
  return response;
}

http::Response pass(const Passage& passage, const flow::RequestFacts& facts) {
  const auto outcome = flow::authorize(passage.door.house, passage.asked, passage.attempt ? &*passage.attempt : nullptr,
                                       browser::session_of(passage.request), facts);
  if (!outcome) return passage.door.page(passage.request, outcome.error());
  if (const auto* issued = std::get_if<flow::CodeIssued>(&*outcome))
    return redirect_back(passage, "code=" + issued->code);
  if (const auto* needed = std::get_if<flow::LoginNeeded>(&*outcome)) return send_to_login(passage, needed->attempt);
  if (const auto* refusal = std::get_if<flow::OAuthRefusal>(&*outcome)) return redirect_refusal(passage, *refusal);
  const auto& refusal = std::get<flow::PageRefusal>(*outcome);
  return passage.door.options.error_page(passage.request, refusal.is_denied ? 403 : 400, refusal);
}

http::Response resume(const Door& door, const http::Request& request, const http::Form& form) {
  const flow::RequestFacts facts = browser::facts_of(request);
  auto attempt = browser::find_attempt(door.house, request, form.get("attempt"), facts.now);
  if (!attempt || attempt->request.empty() || form.fields().size() != 1) {
    return door.page(
        request, 400, "oidc.error.attempt",
        attempt ? "the attempt has no authorization request, or is not the only parameter" : attempt.error().reason);
  }
  const auto kept = http::Form::parse(attempt->request);
  if (!kept) return door.page(request, 400, "oidc.error.attempt", kept.error().reason);
  return pass({door, request, read_request(*kept), std::move(*attempt)}, facts);
}

}  // namespace

http::Response answer_authorize(const Door& door, const http::Request& request) {
  // HEAD must have no effect: it must not consume the attempt.
  if (request.method == http::Method::head)
    return door.page(request, 405, "oidc.error.request", "HEAD has no answer here");
  const auto form = read_parameters(request);
  if (!form) return door.page(request, 400, "oidc.error.request", form.error().reason);
  const bool is_post = request.method == http::Method::post;
  if (!is_post && form->has("attempt")) return resume(door, request, *form);
  flow::AuthorizationRequest asked = read_request(*form);
  if (is_post && !asked.doubled && browser::session_of(request).empty()) {
    // With a form of another site a browser sends no SameSite=Lax cookies, but with the GET after a redirect it does.
    std::string query = print_request(asked);
    if (query.size() <= longest_query) return http::Response::redirect("/oauth2/authorize?" + query);
  }
  return pass({door, request, std::move(asked), std::nullopt}, browser::facts_of(request));
}

}  // namespace oidc
