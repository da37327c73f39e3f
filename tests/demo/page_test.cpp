#include "demo/page.hpp"

#include <doctest/doctest.h>

namespace {

std::string link(const std::string& address) {
  return R"(<a rel="noopener noreferrer" href=")" + address + R"(">)" + address + "</a>";
}

}  // namespace

TEST_CASE("an address in a message can be clicked, and nothing else of the message changes") {
  CHECK(demo::link_addresses("") == "");
  CHECK(demo::link_addresses("Your code is 123456.") == "Your code is 123456.");
  CHECK(demo::link_addresses("Open\nhttps://login.example/reset?token=a_b-c\nsoon") ==
        "Open\n" + link("https://login.example/reset?token=a_b-c") + "\nsoon");
  CHECK(demo::link_addresses("http://a/ and https://b/") == link("http://a/") + " and " + link("https://b/"));
  CHECK(demo::link_addresses("http://localhost:8080/x?a=1&b=2") == link("http://localhost:8080/x?a=1&amp;b=2"));
}

TEST_CASE("what ends the sentence does not belong to the address") {
  for (const char* after : {".", ",", "!", "?", ":", ";", ")", "].", "…", "\r\n", "\t", "\x7f"}) {
    CAPTURE(after);
    CHECK(demo::link_addresses("https://a.example/x" + std::string(after)) == link("https://a.example/x") + after);
  }
  CHECK(demo::link_addresses("(https://a.example/x_(y))") == "(" + link("https://a.example/x_(y))"));
  CHECK(demo::link_addresses("https://[::1]:8443/") == link("https://[::1]:8443/"));
}

TEST_CASE("no message gets markup or a link of another scheme into the page") {
  CHECK(demo::link_addresses("<b>javascript:alert(1)</b>") == "&lt;b&gt;javascript:alert(1)&lt;/b&gt;");
  CHECK(demo::link_addresses("data:text/html,x ftp://a/ //a/ HTTP") == "data:text/html,x ftp://a/ //a/ HTTP");
  CHECK(demo::link_addresses("http://a/\"onclick=\"x") == link("http://a/") + "&quot;onclick=&quot;x");
  CHECK(demo::link_addresses("http://a/<script>") == link("http://a/") + "&lt;script&gt;");
  CHECK(demo::link_addresses("http://a/'x") == link("http://a/") + "&#39;x");
  CHECK(demo::link_addresses("http:// https://.") == "http:// https://.");
}
