#include "oidc/token.hpp"

#include <array>

#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/grant/client_credentials.hpp"
#include "flow/grant/device.hpp"
#include "flow/grant/redeem_code.hpp"
#include "flow/grant/refresh_tokens.hpp"
#include "oidc/client_call.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"
#include "rights/protocol.hpp"

namespace oidc {
namespace {

using flow::OAuthError;

http::Response print_tokens(const flow::IssuedTokens& tokens) {
  base::JsonObject body;
  body.text("access_token", tokens.access_token).text("token_type", "Bearer").number("expires_in", tokens.expires_in);
  body.text("scope", tokens.scope).text_if("refresh_token", tokens.refresh_token).text_if("id_token", tokens.id_token);
  http::Response response = http::Response::json(body.finish());
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

// A grant of the table, and which parameter it cannot do without.
struct GrantDoor {
  rights::GrantType grant;
  std::string_view needed;   // "" = none
  std::string_view missing;  // what is answered without it
  base::Result<flow::Redeemed> (*redeem)(const Door& door, const ClientCall& call, const flow::RequestFacts& facts);
};

base::Result<flow::Redeemed> redeem_code(const Door& door, const ClientCall& call, const flow::RequestFacts& facts) {
  flow::CodeRedemption wished;
  wished.client = call.credentials;
  wished.code = call.form.get("code");
  wished.redirect_uri = call.form.get("redirect_uri");
  wished.code_verifier = call.form.get("code_verifier");
  wished.resource = words_of(call.form, "resource");
  return flow::redeem_code(door.house, wished, facts);
}

base::Result<flow::Redeemed> refresh(const Door& door, const ClientCall& call, const flow::RequestFacts& facts) {
  const flow::RefreshWish wished{call.credentials, call.form.get("refresh_token"), call.form.get("scope"),
                                 words_of(call.form, "resource")};
  return flow::refresh_tokens(door.house, wished, facts);
}

base::Result<flow::Redeemed> issue_to_machine(const Door& door, const ClientCall& call,
                                              const flow::RequestFacts& facts) {
  const flow::MachineWish wished{call.credentials, call.form.get("scope"), words_of(call.form, "resource"),
                                 call.form.get("context")};
  return flow::issue_to_machine(door.house, wished, facts);
}

base::Result<flow::Redeemed> redeem_device_code(const Door& door, const ClientCall& call,
                                                const flow::RequestFacts& facts) {
  return flow::redeem_device_code(door.house, {call.credentials, call.form.get("device_code")}, facts);
}

// In the order of rights::GrantType.
constexpr std::array<GrantDoor, rights::all_grant_types.size()> grants{{
    {rights::GrantType::authorization_code, "code", "code is missing", redeem_code},
    {rights::GrantType::refresh_token, "refresh_token", "refresh_token is missing", refresh},
    {rights::GrantType::client_credentials, "", "", issue_to_machine},
    {rights::GrantType::device_code, "device_code", "device_code is missing", redeem_device_code},
}};

}  // namespace

http::Response answer_token(const Door& door, const http::Request& request) {
  auto read = read_call(request, rights::Endpoint::token);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  const auto& call = std::get<ClientCall>(read);
  const std::string named = call.form.get("grant_type");
  if (named.empty()) return refuse(request, "grant_type is missing");
  const auto grant = rights::find_grant_type(named);
  if (!grant) return refuse(request, "no such grant_type", OAuthError::unsupported_grant_type);
  const GrantDoor& door_of = grants.at(static_cast<std::size_t>(*grant));
  if (!door_of.needed.empty() && call.form.get(door_of.needed).empty()) {
    return refuse(request, door_of.missing);
  }
  const auto done = door_of.redeem(door, call, browser::facts_of(request));
  if (!done) return to_json(request, done.error());
  http::Response response = done->refusal ? to_json(*done->refusal) : print_tokens(done->tokens);
  share_with_client(request, done->client, response);
  return response;
}

}  // namespace oidc
