#include "oidc/attempt_cookie.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace oidc {
namespace {

constexpr std::size_t most_attempts = 4;

void set_cookie(const http::Request& request, std::string name, std::string value, std::int64_t max_age,
                http::Response& response) {
  http::Cookie cookie;
  cookie.name = std::move(name);
  cookie.value = std::move(value);
  cookie.max_age = max_age;
  cookie.secure = request.tls;
  response.add("Set-Cookie", http::to_set_cookie(cookie));
}

}  // namespace

std::optional<flow::Attempt> find_attempt(const flow::House& house, const http::Request& request, std::string_view id,
                                          base::Time now) {
  const std::string cookie = request.cookie(flow::attempt_cookie_name(id, request.tls));
  auto opened = flow::open_attempt(house, id, cookie, now);
  return opened ? std::optional(std::move(*opened)) : std::nullopt;
}

base::Result<void> keep_attempt(const flow::House& house, const http::Request& request, const flow::Attempt& attempt,
                                http::Response& response) {
  ASSIGN_OR_RETURN(std::string sealed, flow::seal_attempt(house, attempt));
  const std::string name = flow::attempt_cookie_name(attempt.id.to_string(), request.tls);
  const std::string prefix = flow::attempt_cookie_prefix(request.tls);
  std::vector<std::string> others;
  for (const auto& [other, value] : request.cookies()) {
    if (other.starts_with(prefix) && other != name) others.emplace_back(other);
  }
  std::sort(others.begin(), others.end());  // ids, and so names, are ordered by time
  for (std::size_t i = 0; i + most_attempts <= others.size(); ++i) {
    set_cookie(request, others[i], {}, 0, response);
  }
  const auto lasts = std::chrono::duration_cast<std::chrono::seconds>(house.settings.attempt_lasts);
  set_cookie(request, name, std::move(sealed), lasts.count(), response);
  return {};
}

void forget_attempt(const http::Request& request, const flow::Attempt& attempt, http::Response& response) {
  set_cookie(request, flow::attempt_cookie_name(attempt.id.to_string(), request.tls), {}, 0, response);
}

}  // namespace oidc
