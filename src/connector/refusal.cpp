#include "connector/refusal.hpp"

#include "base/json.hpp"
#include "base/log.hpp"

namespace connector {

http::Response refuse_because(int status, std::string_view reason, std::string_view message) {
  return http::Response::json(base::JsonObject().text("reason", reason).text("message", message).finish(), status);
}

http::Response refuse_with_code(std::int64_t code, std::string_view message) {
  return http::Response::json(base::JsonObject().number("code", code).text("message", message).finish(), 403);
}

http::Response print_error(const http::Request& request, const base::Error& error) {
  base::log(base::Level::warning, "the connector could not answer",
            {{"request_id", request.request_id}, {"reason", base::describe(error)}});
  const bool is_busy = error.code == base::Code::too_many;
  http::Response response =
      is_busy ? refuse_because(429, "too_many", "There were too many failures from this network. Wait a minute.")
              : refuse_because(503, "unavailable", "Try again in a moment.");
  response.add("Retry-After", is_busy ? "60" : "5");
  return response;
}

}  // namespace connector
