#include "http/real_ip.hpp"

#include <doctest/doctest.h>

namespace {

std::string client_of(const char* peer, std::vector<http::Header> headers) {
  const auto proxies = http::TrustedProxies::parse({"10.0.0.0/8", "192.0.2.7", "2001:db8:1::/48"}).value();
  http::Request request;
  request.headers = std::move(headers);
  return proxies.find_client(base::IpAddress::parse(peer).value(), request).to_string();
}

}  // namespace

TEST_CASE("whoever is not a listed proxy cannot say who he is") {
  for (const char* header : {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP"}) {
    CHECK(client_of("203.0.113.5", {{header, "127.0.0.1"}}) == "203.0.113.5");
  }
}

TEST_CASE("behind a listed proxy the rightmost hop that is not listed is the client") {
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "203.0.113.5"}}) == "203.0.113.5");
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "127.0.0.1, 203.0.113.5"}}) == "203.0.113.5");
  CHECK(client_of("10.1.2.3", {{"x-forwarded-for", "1.1.1.1, 203.0.113.5, 192.0.2.7"}}) == "203.0.113.5");
  CHECK(client_of("2001:db8:1::9", {{"X-Forwarded-For", "2001:DB8:0::1"}}) == "2001:db8::1");
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "203.0.113.5:4711"}}) == "203.0.113.5");
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "[2001:db8::5]:4711"}}) == "2001:db8::5");
}

TEST_CASE("repeated headers are one list in their order") {
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-For", "203.0.113.5, 10.9.9.9"}}) ==
        "203.0.113.5");
}

TEST_CASE("an entry that is not an address ends the walk at the last hop that could be believed") {
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "203.0.113.5, unknown"}}) == "10.1.2.3");
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", "203.0.113.5, , 10.4.4.4"}}) == "10.4.4.4");
  CHECK(client_of("10.1.2.3", {{"X-Forwarded-For", ""}}) == "10.1.2.3");
  CHECK(client_of("10.1.2.3", {}) == "10.1.2.3");
}

TEST_CASE("an IPv4 address written as IPv6 is the same address") {
  CHECK(client_of("::ffff:203.0.113.5", {{"X-Forwarded-For", "127.0.0.1"}}) == "203.0.113.5");
  CHECK(client_of("::ffff:10.1.2.3", {{"X-Forwarded-For", "203.0.113.5"}}) == "203.0.113.5");
  CHECK(client_of("11.1.2.3", {{"X-Forwarded-For", "203.0.113.5"}}) == "11.1.2.3");
}

TEST_CASE("a list of proxies with a mistake is refused and the mistake is named") {
  for (const char* bad :
       {"proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129", "", "10.0.0/8", "10.1.2.3/8"}) {
    CAPTURE(bad);
    const auto parsed = http::TrustedProxies::parse({bad});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().reason.find(bad) != std::string::npos);
  }
}
