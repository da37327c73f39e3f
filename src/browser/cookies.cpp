#include "browser/cookies.hpp"

#include <algorithm>

namespace browser {
namespace {

constexpr base::Duration year = std::chrono::hours(24 * 365);

}  // namespace

http::Cookie own_cookie(const http::Request& request, std::string_view name) {
  http::Cookie cookie;
  cookie.secure = request.tls;
  cookie.name = request.tls ? "__Host-" : "";
  cookie.name.append(name);
  return cookie;
}

std::string read_cookie(const http::Request& request, std::string_view name) {
  return request.cookie(own_cookie(request, name).name);
}

std::string session_of(const http::Request& request) {
  return read_cookie(request, session_cookie);
}

void Cookies::set(std::string_view name, std::string value, std::optional<base::Duration> lasts) {
  http::Cookie cookie = own_cookie(*request_, name);
  cookie.value = std::move(value);
  if (lasts) cookie.max_age = std::chrono::duration_cast<std::chrono::seconds>(*lasts).count();
  // A response should not have two Set-Cookie headers of one name (RFC 6265bis §4.1.1).
  std::erase_if(set_, [&](const http::Cookie& other) { return other.name == cookie.name; });
  set_.push_back(std::move(cookie));
}

void Cookies::remove(std::string_view name) {
  set(name, "", base::Duration(0));
}

void Cookies::set_session(const base::Secret& value) {
  set(session_cookie, std::string(value.reveal()), std::nullopt);
}

void Cookies::remove_session() {
  remove(session_cookie);
}

void Cookies::set_device(const base::Secret& value, base::Duration lasts) {
  set(device_cookie, std::string(value.reveal()), lasts);
}

void Cookies::set_language(text::Language language) {
  set(language_cookie, std::string(text::code_of(language)), year);
}

void Cookies::move_to(http::Response& response) {
  const std::string session = own_cookie(*request_, session_cookie).name;
  for (const http::Cookie& cookie : set_) {
    response.add("Set-Cookie", http::to_set_cookie(cookie));
    // Without "cookies", because the browser stays a known device and keeps its language.
    if (cookie.name == session && cookie.value.empty()) response.add("Clear-Site-Data", R"("cache", "storage")");
  }
  set_.clear();
}

}  // namespace browser
