#include "browser/cookies.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

http::Request request_over(bool tls) {
  http::Request request;
  request.tls = tls;
  return request;
}

std::vector<std::string> set_cookies(browser::Cookies& cookies) {
  http::Response response;
  cookies.move_to(response);
  std::vector<std::string> values;
  for (const http::Header& header : response.headers) {
    if (header.name == "Set-Cookie") values.push_back(header.value);
  }
  return values;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("over TLS every cookie is bound to this host and to TLS") {
  const http::Request request = request_over(true);
  browser::Cookies cookies(request);
  cookies.set_session(base::Secret("s"));
  cookies.set_device(base::Secret("d"), std::chrono::hours(1));
  cookies.set_language(text::Language::de);
  cookies.set(std::string(browser::attempt_cookie) + "1", "a", std::chrono::minutes(1));
  const auto values = set_cookies(cookies);
  REQUIRE(values.size() == 4);
  for (const std::string& value : values) {
    CHECK_MESSAGE(value.starts_with("__Host-chancery_"), value);
    CHECK_MESSAGE(has(value, "; Secure"), value);
    CHECK_MESSAGE(has(value, "; HttpOnly"), value);
    CHECK_MESSAGE(has(value, "; Path=/"), value);
    CHECK_MESSAGE(has(value, "; SameSite=Lax"), value);
    CHECK_MESSAGE(!has(value, "Domain"), value);
  }
}

TEST_CASE("over plain HTTP the names have no prefix, because a browser would refuse them") {
  const http::Request request = request_over(false);
  browser::Cookies cookies(request);
  cookies.set_session(base::Secret("s"));
  const auto values = set_cookies(cookies);
  REQUIRE(values.size() == 1);
  CHECK(values[0].starts_with("chancery_session=s"));
  CHECK_FALSE(has(values[0], "Secure"));
}

TEST_CASE("an answer sets each cookie once, with the value that was set last") {
  const http::Request request = request_over(false);
  browser::Cookies cookies(request);
  cookies.set_session(base::Secret("first"));
  cookies.remove_session();
  cookies.set_session(base::Secret("second"));
  const auto values = set_cookies(cookies);
  REQUIRE(values.size() == 1);
  CHECK(values[0].starts_with("chancery_session=second"));
  CHECK_FALSE(has(values[0], "Max-Age"));
  CHECK(set_cookies(cookies).empty());
}

TEST_CASE("a cookie that is removed is over at once") {
  const http::Request request = request_over(false);
  browser::Cookies cookies(request);
  cookies.remove_session();
  const auto values = set_cookies(cookies);
  REQUIRE(values.size() == 1);
  CHECK(values[0].starts_with("chancery_session=;"));
  CHECK(has(values[0], "Max-Age=0"));
}
