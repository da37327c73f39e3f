#include "oidc/door.hpp"

namespace oidc {

http::Response Door::page(const http::Request& request, const base::Error& error) const {
  const bool passing = error.code == base::Code::unavailable || error.code == base::Code::too_many;
  http::Response response =
      page(request, passing ? 503 : 500, passing ? "error.503.text" : "error.500.text", base::describe(error));
  if (passing) response.add("Retry-After", "5");
  return response;
}

base::Result<http::Form> read_parameters(const http::Request& request) {
  if (request.method != http::Method::post) return request.query_form();
  if (!request.query.empty()) return base::fail(base::Code::invalid_input, "parameters in the address of a POST");
  return request.body_form();
}

}  // namespace oidc
