#include "oidc/token.hpp"

#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/grant/redeem_code.hpp"
#include "oidc/client_credentials.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

using flow::OAuthError;

http::Response print_tokens(const flow::IssuedTokens& tokens) {
  base::JsonObject body;
  body.text("access_token", tokens.access_token).text("token_type", "Bearer").number("expires_in", tokens.expires_in);
  body.text("scope", tokens.scope).text_if("id_token", tokens.id_token);
  http::Response response = http::Response::json(body.finish());
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

http::Response refuse(const http::Request& request, std::string_view why,
                      OAuthError error = OAuthError::invalid_request) {
  http::Response response = to_json(flow::OAuthRefusal{error, why});
  share_with_client(request, std::nullopt, response);
  return response;
}

}  // namespace

http::Response answer_token(const Door& door, const http::Request& request) {
  if (!request.query.empty()) return refuse(request, "parameters belong into the body");
  const auto form = request.body_form();
  if (!form) return refuse(request, "the body is not a form");
  if (!form->find_doubled().empty()) return refuse(request, "a parameter is included more than once");
  auto credentials = read_credentials(request, *form);
  if (const auto* refusal = std::get_if<flow::OAuthRefusal>(&credentials)) {
    return refuse(request, refusal->description, refusal->error);
  }
  const std::string grant_type = form->get("grant_type");
  if (grant_type.empty()) return refuse(request, "grant_type is missing");
  if (grant_type != "authorization_code") {
    return refuse(request, "grant_type must be authorization_code", OAuthError::unsupported_grant_type);
  }
  flow::CodeRedemption wished;
  wished.client = std::get<flow::ClientCredentials>(std::move(credentials));
  wished.code = form->get("code");
  wished.redirect_uri = form->get("redirect_uri");
  wished.code_verifier = form->get("code_verifier");
  wished.resource = form->get("resource");
  if (wished.code.empty()) return refuse(request, "code is missing");

  const auto done = flow::redeem_code(door.house, wished, browser::facts_of(request));
  if (!done) return to_json(request, done.error());
  http::Response response = done->refusal ? to_json(*done->refusal) : print_tokens(done->tokens);
  share_with_client(request, done->client, response);
  return response;
}

}  // namespace oidc
