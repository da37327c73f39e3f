#include "oidc/register.hpp"

#include <strings.h>

#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/registration/register_client.hpp"
#include "http/basic_authorization.hpp"
#include "oidc/error.hpp"

namespace oidc {
namespace {

constexpr int created = 201;     // RFC 7591 §3.2.1
constexpr int no_content = 204;  // RFC 7592 §2.3

/// RFC 7591 §3.2.2; for a bad token the challenge of RFC 6750 §3.
http::Response refuse(flow::OAuthError error, std::string_view description) {
  http::Response response = http::Response::json(
      base::JsonObject().text("error", name_of(error)).text("error_description", description).finish());
  response.status = status_of(error);
  if (error == flow::OAuthError::invalid_token) {
    response.add("WWW-Authenticate", R"(Bearer realm="chancery", error="invalid_token", error_description=")" +
                                         std::string(description) + "\"");
  }
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

/// The bearer token of the header (RFC 6750 §2.1); "" = none, or more than one.
std::string read_bearer(const http::Request& request) {
  const std::string* const header = request.find_header("Authorization");
  if (header == nullptr || request.count_header("Authorization") != 1) return {};
  return http::parse_bearer(*header);
}

bool is_json(const http::Request& request) {
  const std::string* const type = request.find_header("Content-Type");
  constexpr std::string_view wanted = "application/json";
  return type != nullptr && type->size() >= wanted.size() &&
         ::strncasecmp(type->data(), wanted.data(), wanted.size()) == 0 &&
         (type->size() == wanted.size() || (*type)[wanted.size()] == ';' || (*type)[wanted.size()] == ' ');
}

http::Response print(const http::Request& request, const base::Result<flow::ClientInformation>& done, int status) {
  if (!done) return to_json(request, done.error());
  if (done->refusal) {
    http::Response refusal = refuse(done->refusal->error, done->refusal->description);
    if (done->refusal->retry_after > 0) refusal.add("Retry-After", std::to_string(done->refusal->retry_after));
    return refusal;
  }
  http::Response response;
  if (!done->metadata.empty()) response = http::Response::json(done->metadata);
  response.status = status;
  response.add("Cache-Control", "no-store").add("Pragma", "no-cache");
  return response;
}

}  // namespace

http::Response answer_register(const Door& door, const http::Request& request) {
  const std::string token = read_bearer(request);
  if (token.empty()) return refuse(flow::OAuthError::invalid_token, "an initial access token is needed");
  if (!is_json(request)) return refuse(flow::OAuthError::invalid_client_metadata, "the body is not application/json");
  const flow::Registrar registrar{door.house, {door.options.fetch, *door.fetch_gate}};
  return print(request, flow::register_client(registrar, token, request.body, browser::facts_of_program(request)),
               created);
}

http::Response answer_registration(const Door& door, const http::Request& request) {
  const flow::ManagementCall call{request.path_parameters.at(0), read_bearer(request)};
  const flow::RequestFacts facts = browser::facts_of_program(request);
  if (call.token.empty()) return refuse(flow::OAuthError::invalid_token, "a registration access token is needed");
  if (request.method == http::Method::del) {
    return print(request, flow::delete_registration(door.house, call, facts), no_content);
  }
  if (request.method != http::Method::put) return print(request, flow::read_registration(door.house, call, facts), 200);
  if (!is_json(request)) return refuse(flow::OAuthError::invalid_client_metadata, "the body is not application/json");
  const flow::Registrar registrar{door.house, {door.options.fetch, *door.fetch_gate}};
  return print(request, flow::update_registration(registrar, call, request.body, facts), 200);
}

}  // namespace oidc
