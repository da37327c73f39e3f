#include "oidc/token_state.hpp"

#include "browser/request_facts.hpp"
#include "flow/grant/introspect.hpp"
#include "flow/grant/revoke_token.hpp"
#include "oidc/client_call.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

// token_type_hint is a hint (RFC 7009 §2.1): the forms of the tokens tell them apart.
std::variant<flow::TokenQuestion, http::Response> read_question(const http::Request& request,
                                                                rights::Endpoint endpoint) {
  auto read = read_call(request, endpoint);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  auto& call = std::get<ClientCall>(read);
  std::string token = call.form.get("token");
  if (token.empty()) return refuse(request, "token is missing");
  return flow::TokenQuestion{std::move(call.credentials), std::move(token)};
}

http::Response close(const http::Request& request, http::Response response,
                     const std::optional<rights::Client>& client) {
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  share_with_client(request, client, response);
  return response;
}

http::Response refused(const http::Request& request, const flow::OAuthRefusal& refusal,
                       const std::optional<rights::Client>& client) {
  http::Response response = to_json(refusal);
  share_with_client(request, client, response);
  return response;
}

}  // namespace

http::Response answer_introspect(const Door& door, const http::Request& request) {
  auto read = read_question(request, rights::Endpoint::introspection);
  if (auto* response = std::get_if<http::Response>(&read)) return std::move(*response);
  auto answer = flow::introspect(door.house, std::get<flow::TokenQuestion>(read), browser::facts_of(request));
  if (!answer) return to_json(request, answer.error());
  if (answer->refusal) return refused(request, *answer->refusal, answer->client);
  return close(request, http::Response::json(std::move(answer->claims)), answer->client);
}

http::Response answer_revoke(const Door& door, const http::Request& request) {
  auto read = read_question(request, rights::Endpoint::revocation);
  if (auto* response = std::get_if<http::Response>(&read)) return std::move(*response);
  const auto answer = flow::revoke_token(door.house, std::get<flow::TokenQuestion>(read), browser::facts_of(request));
  if (!answer) return to_json(request, answer.error());
  if (answer->refusal) return refused(request, *answer->refusal, answer->client);
  return close(request, http::Response::json("{}"), answer->client);
}

}  // namespace oidc
