#include "api/problem.hpp"

#include "base/json.hpp"
#include "browser/refusal_log.hpp"

namespace api {
namespace {

constexpr Problem conflict{"conflict", "Something was changed at the same time", 409, "Try again."};
constexpr Problem unavailable{"unavailable", "The server cannot do this now", 503, "Try again in a moment."};
constexpr Problem too_many{"too-many", "Too many attempts from this network have failed", 429,
                           "Try again in a moment. This says nothing about the login or the password."};
constexpr Problem internal{"internal", "The server has failed", 500, ""};

const Problem& problem_of(base::Code code) {
  switch (code) {
    case base::Code::login_failed: return wrong_password;
    case base::Code::invalid_input: return malformed;
    case base::Code::conflict: return conflict;
    case base::Code::too_many: return too_many;
    case base::Code::unavailable: return unavailable;
    default: return internal;
  }
}

}  // namespace

http::Response print(const Problem& problem, const http::Request& request, const std::vector<Member>& more,
                     std::string_view reason) {
  browser::log_refusal(request, problem.status, reason.empty() ? problem.title : reason);
  base::JsonObject body;
  body.text("type", "urn:chancery:problem:" + std::string(problem.type)).text_if("title", problem.title);
  body.number("status", problem.status).text_if("detail", problem.detail);
  body.text("instance", "urn:chancery:request:" + request.request_id);
  for (const auto& [name, value] : more) body.raw(name, value);
  http::Response response = http::Response::json(body.finish(), problem.status);
  response.content_type = "application/problem+json";
  if (problem.status == 503 || problem.status == 429) {
    response.add("Retry-After", std::string(problem.retry_after));
  }
  if (problem.status == 401) response.add("WWW-Authenticate", std::string(problem.challenge));
  return response;
}

http::Response print(const base::Error& error, const http::Request& request) {
  const Problem& problem = problem_of(error.code);
  return print(problem, request, {}, base::describe(error));
}

}  // namespace api
