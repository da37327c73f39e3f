#include "oidc/userinfo.hpp"

#include <variant>

#include "browser/request_facts.hpp"
#include "flow/grant/find_userinfo.hpp"
#include "http/basic_authorization.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

using flow::OAuthError;

// RFC 6750 §3: if the request has no token, the challenge has no error code.
http::Response challenge(const http::Request& request, const flow::OAuthRefusal* refusal,
                         const std::optional<rights::Client>& client) {
  std::string value = R"(Bearer realm="chancery")";
  http::Response response;
  if (refusal == nullptr) {
    response.status = 401;
  } else {
    response = to_json(*refusal);
    value.append(R"(, error=")").append(name_of(refusal->error));
    value.append(R"(", error_description=")").append(refusal->description).append("\"");
    if (refusal->error == OAuthError::insufficient_scope) value.append(R"(, scope="openid")");
  }
  response.add("WWW-Authenticate", std::move(value));
  share_with_client(request, client, response);
  return response;
}

using Token = std::variant<std::string, flow::OAuthRefusal>;

Token bad_request(std::string_view why) {
  return flow::OAuthRefusal{OAuthError::invalid_request, why};
}

Token read_header(const std::string& header) {
  std::string token = http::parse_bearer(header);
  if (token.empty()) return bad_request("Authorization is not Bearer");
  return token;
}

/// The bearer token; "" = none was sent.
Token read_token(const http::Request& request) {
  if (request.query.find("access_token") != std::string::npos)
    return bad_request("a token does not belong into an address");
  if (request.count_header("Authorization") > 1) return bad_request("more than one Authorization header");
  const std::string* header = request.find_header("Authorization");
  if (request.method != http::Method::post || request.body.empty()) {
    return header == nullptr ? Token() : read_header(*header);
  }
  const auto form = request.body_form();
  if (!form) return header == nullptr ? bad_request("the body is not a form") : read_header(*header);
  if (!form->find_doubled().empty()) return bad_request("a parameter is included more than once");
  if (!form->has("access_token")) return header == nullptr ? Token() : read_header(*header);
  if (header != nullptr) return bad_request("the token is sent in two ways");
  return form->get("access_token");
}

}  // namespace

http::Response answer_userinfo(const Door& door, const http::Request& request) {
  const Token token = read_token(request);
  if (const auto* refusal = std::get_if<flow::OAuthRefusal>(&token)) return challenge(request, refusal, std::nullopt);
  const auto& text = std::get<std::string>(token);
  if (text.empty()) return challenge(request, nullptr, std::nullopt);
  auto found = flow::find_userinfo(door.house, text, browser::facts_of(request));
  if (!found) return to_json(request, found.error());
  if (found->refusal) return challenge(request, &*found->refusal, found->client);
  const bool is_signed = !found->jwt.empty();
  http::Response response = http::Response::json(std::move(is_signed ? found->jwt : found->claims));
  if (is_signed) response.content_type = "application/jwt";
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  share_with_client(request, found->client, response);
  return response;
}

}  // namespace oidc
