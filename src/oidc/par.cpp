#include "oidc/par.hpp"

#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/oauth/pushed_request.hpp"
#include "oidc/authorization_request.hpp"
#include "oidc/client_call.hpp"
#include "oidc/cors.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

constexpr int created = 201;  // RFC 9126 §2.2

http::Response print_reference(const flow::Pushed& pushed) {
  base::JsonObject body;
  body.text("request_uri", pushed.request_uri).number("expires_in", pushed.expires_in);
  http::Response response = http::Response::json(body.finish());
  response.status = created;
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

}  // namespace

http::Response answer_par(const Door& door, const http::Request& request) {
  auto read = read_call(request, rights::Endpoint::pushed_request);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  auto& call = std::get<ClientCall>(read);
  flow::PushWish wished;
  wished.request = read_request(call.form);
  // A client that authenticates has named itself.
  if (wished.request.client_id.empty()) wished.request.client_id = call.credentials.client_id;
  wished.query = print_request(wished.request);
  wished.client = std::move(call.credentials);
  const auto done = flow::push_request(door.house, wished, browser::facts_of(request));
  if (!done) return to_json(request, done.error());
  http::Response response = done->refusal ? to_json(*done->refusal) : print_reference(*done);
  share_with_client(request, done->client, response);
  return response;
}

}  // namespace oidc
