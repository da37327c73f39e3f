#include "oidc/cors.hpp"

#include "flow/client/client_origin.hpp"
#include "oidc/error.hpp"

namespace oidc {

http::Response answer_preflight(const Door& door, const http::Request& request) {
  http::Response response;
  response.status = 204;
  const std::string* origin = request.find_header("Origin");
  response.add("Vary", "Origin");
  if (origin == nullptr || request.count_header("Origin") != 1) return response;
  const auto known = flow::is_client_origin(door.house, *origin);
  if (!known) return to_json(request, known.error());
  if (!*known) return response;
  response.add("Access-Control-Allow-Origin", *origin);
  response.add("Access-Control-Allow-Methods", "GET, POST");
  response.add("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.add("Access-Control-Max-Age", "3600");
  return response;
}

void share_with_client(const http::Request& request, const std::optional<rights::Client>& client,
                       http::Response& response) {
  response.add("Vary", "Origin");
  const std::string* origin = request.find_header("Origin");
  if (origin == nullptr || request.count_header("Origin") != 1 || !client) return;
  if (client->auth != rights::ClientAuth::none || !rights::is_own_origin(*client, *origin)) return;
  response.add("Access-Control-Allow-Origin", *origin);
  response.add("Access-Control-Expose-Headers", "WWW-Authenticate");
}

}  // namespace oidc
