#include "oidc/authorization_request.hpp"

#include <array>
#include <utility>

namespace oidc {
namespace {

using Request = flow::AuthorizationRequest;
constexpr std::array<std::pair<std::string_view, std::string Request::*>, 19> parameters{{
    {"client_id", &Request::client_id},
    {"redirect_uri", &Request::redirect_uri},
    {"response_type", &Request::response_type},
    {"response_mode", &Request::response_mode},
    {"scope", &Request::scope},
    {"state", &Request::state},
    {"nonce", &Request::nonce},
    {"code_challenge", &Request::code_challenge},
    {"code_challenge_method", &Request::code_challenge_method},
    {"prompt", &Request::prompt},
    {"max_age", &Request::max_age},
    {"login_hint", &Request::login_hint},
    {"ui_locales", &Request::ui_locales},
    {"acr_values", &Request::acr_values},
    {"id_token_hint", &Request::id_token_hint},
    {"resource", &Request::resource},
    {"request", &Request::request},
    {"request_uri", &Request::request_uri},
    {"registration", &Request::registration},
}};

}  // namespace

flow::AuthorizationRequest read_request(const http::Form& form) {
  flow::AuthorizationRequest request;
  // "Request and response parameters MUST NOT be included more than once" (RFC 6749 §3.1), known or not.
  request.doubled = !form.find_doubled().empty();
  for (const auto& [name, member] : parameters) request.*member = form.get(name);
  return request;
}

std::string print_request(const flow::AuthorizationRequest& request) {
  std::string query;
  query.reserve(512);
  for (const auto& [name, member] : parameters) {
    const std::string& value = request.*member;
    if (value.empty()) continue;
    if (!query.empty()) query.push_back('&');
    query.append(name).append(1, '=').append(base::percent_encode(value));
  }
  return query;
}

}  // namespace oidc
