#include "oidc/authorize.hpp"

#include <optional>

#include "browser/attempts.hpp"
#include "browser/request_facts.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oauth/authorize.hpp"
#include "flow/oauth/pushed_request.hpp"
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

using Fields = std::vector<std::pair<std::string_view, std::string>>;

std::string print_location(std::string location, const Fields& fields) {
  location.reserve(location.size() + 512);
  char separator = location.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : fields) {
    location.append(1, separator).append(name).append(1, '=').append(base::percent_encode(value));
    separator = '&';
  }
  return location;
}

/// Takes the fields to the redirect_uri, with `state` unchanged and `iss`, our identifier (RFC 9207 §2): in its query,
/// or by a form.
http::Response lead_back(const Passage& passage, Fields fields) {
  const flow::AuthorizationRequest& asked = passage.asked;
  if (!asked.state.empty() && asked.state.size() <= longest_echoed_state) fields.emplace_back("state", asked.state);
  fields.emplace_back("iss", passage.door.house.settings.site.issuer);
  http::Response response =
      rights::find_response_mode(asked.response_mode) == rights::ResponseMode::form_post
          ? passage.door.options.form_post_page(passage.request, {asked.redirect_uri, std::move(fields)})
          : http::Response::redirect(print_location(asked.redirect_uri, fields));
  if (passage.attempt) {
    browser::Cookies cookies(passage.request);
    browser::forget_attempt(*passage.attempt, cookies);
    cookies.move_to(response);
  }
  return response;
}

http::Response lead_back(const Passage& passage, const flow::OAuthRefusal& refusal) {
  return lead_back(passage, {{"error", std::string(name_of(refusal.error))},
                             {"error_description", std::string(refusal.description)}});
}

/// What the attempt keeps of the request. Of one that was pushed the reference is enough, and the address to which the
/// forms of the login may lead.
std::string print_for_attempt(const flow::AuthorizationRequest& asked) {
  if (!asked.is_pushed) return print_request(asked);
  flow::AuthorizationRequest kept;
  kept.client_id = asked.client_id;
  kept.redirect_uri = asked.redirect_uri;
  kept.request_uri = asked.request_uri;
  return print_request(kept);
}

using Address = std::string (*)(const flow::Attempt&);

http::Response send_to_page(const Passage& passage, flow::Attempt attempt, Address address) {
  if (attempt.request.empty()) attempt.request = print_for_attempt(passage.asked);
  browser::Cookies cookies(passage.request);
  if (!browser::keep_attempt(passage.door.house, attempt, cookies)) {
    return lead_back(passage, {flow::OAuthError::invalid_request, "the request is too large"});
  }
  http::Response response = http::Response::redirect(address(attempt));
  cookies.move_to(response);
  return response;
}

http::Response pass(const Passage& passage, const flow::RequestFacts& facts) {
  const auto outcome = flow::authorize(passage.door.house, passage.asked, passage.attempt ? &*passage.attempt : nullptr,
                                       browser::session_of(passage.request), facts);
  if (!outcome) return passage.door.page(passage.request, outcome.error());
  if (const auto* issued = std::get_if<flow::CodeIssued>(&*outcome))
    return lead_back(passage, {{"code", issued->code}});
  if (const auto* needed = std::get_if<flow::LoginNeeded>(&*outcome)) {
    return send_to_page(passage, needed->attempt, flow::login_url);
  }
  if (const auto* needed = std::get_if<flow::ConsentNeeded>(&*outcome)) {
    return send_to_page(passage, needed->attempt, flow::consent_url);
  }
  if (const auto* refusal = std::get_if<flow::OAuthRefusal>(&*outcome)) return lead_back(passage, *refusal);
  const auto& refusal = std::get<flow::PageRefusal>(*outcome);
  return passage.door.options.error_page(passage.request, refusal.is_denied ? 403 : 400, refusal);
}

/// The request that a reference names (RFC 9126 §4: "the authorization server MUST … retrieve the authorization request
/// parameters from the pushed request"), else the request itself. nullopt: the reference is unknown, over or used.
base::Result<std::optional<flow::AuthorizationRequest>> open_request(const Door& door, flow::AuthorizationRequest asked,
                                                                     flow::PushedTurn turn, base::Time now) {
  using Opened = std::optional<flow::AuthorizationRequest>;
  if (asked.doubled || !flow::is_pushed_uri(asked.request_uri)) return Opened(std::move(asked));
  ASSIGN_OR_RETURN(const auto query,
                   flow::open_pushed_request(door.house, asked.client_id, asked.request_uri, turn, now));
  if (!query) return Opened();
  ASSIGN_OR_RETURN(const auto form, http::Form::parse(*query));
  flow::AuthorizationRequest opened = read_request(form);
  opened.client_id = std::move(asked.client_id);
  opened.request_uri = std::move(asked.request_uri);
  opened.is_pushed = true;
  return Opened(std::move(opened));
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
  auto asked = open_request(door, read_request(*kept), flow::PushedTurn::resumed, facts.now);
  if (!asked) return door.page(request, asked.error());
  if (!*asked) return door.page(request, 400, "oidc.error.attempt", "the pushed request is unknown, over or used");
  return pass({door, request, std::move(**asked), std::move(*attempt)}, facts);
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
  if (!asked.doubled) read_answer_wish(asked);
  if (is_post && !asked.doubled && browser::session_of(request).empty()) {
    // With a form of another site a browser sends no SameSite=Lax cookies, but with the GET after a redirect it does.
    std::string query = print_request(asked);
    if (query.size() <= longest_query) return http::Response::redirect("/oauth2/authorize?" + query);
  }
  const flow::RequestFacts facts = browser::facts_of(request);
  auto opened = open_request(door, std::move(asked), flow::PushedTurn::arrival, facts.now);
  if (!opened) return door.page(request, opened.error());
  if (!*opened) return door.page(request, 400, "oidc.error.pushed", "the request_uri is unknown, over or used");
  return pass({door, request, std::move(**opened), std::nullopt}, facts);
}

}  // namespace oidc
