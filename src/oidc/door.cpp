#include "oidc/door.hpp"

#include "base/log.hpp"
#include "flow/house/header_text.hpp"
#include "flow/session/find_visitor.hpp"
#include "oidc/error.hpp"

namespace oidc {

http::Response Door::page(const http::Request& request, const base::Error& error) const {
  log_failure(request, error);
  const bool passing = error.code == base::Code::unavailable || error.code == base::Code::too_many;
  http::Response response = page(request, passing ? 503 : 500, passing ? "error.503.text" : "error.500.text");
  if (passing) response.add("Retry-After", "5");
  return response;
}

flow::RequestFacts facts_of(const http::Request& request, base::Time now) {
  const std::string* agent = request.find_header("User-Agent");
  return {request.client_ip, agent == nullptr ? std::string() : flow::header_text(*agent), request.request_id, now};
}

std::string session_cookie_of(const http::Request& request) {
  return request.cookie(flow::session_cookie_name(request.tls));
}

base::Result<http::Form> read_parameters(const http::Request& request) {
  if (request.method != http::Method::post) return request.query_form();
  if (!request.query.empty()) return base::fail(base::Code::invalid_input, "parameters in the address of a POST");
  return request.body_form();
}

}  // namespace oidc
