#include "http/path.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("a path in its one spelling passes") {
  for (const char* good : {"/", "/a", "/a/b.c", "/.well-known/openid-configuration", "/a/...", "/a/x%20y", "/a/%C5%BC",
                           "/a/@:!$&'()*+,=~-_", "/a/%25"}) {
    CAPTURE(good);
    CHECK(http::is_normal_path(good));
  }
}

TEST_CASE("a path that could be a second spelling of another is refused") {
  for (const char* bad :
       {"",      "a",     "*",           "//",     "/a/",    "/a//b",  "/.",    "/..",        "/a/./b",   "/a/../b",
        "/a/..", "/%2e",  "/a/%2E%2e/b", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/a;b",       "/a/..;/b", "/a%3bb",
        "/%61",  "/a%00", "/a%0d%0a",    "/a%7f",  "/a%",    "/a%2",   "/a%zz", "/a%ff",      "/a\x7f",   "/a b",
        "/a\"b", "/a<b>", "/a[b]",       "/a{b}",  "/a|b",   "/a^b",   "/a`b",  "/a\xc5\xbc", "/a#b",     "/a%c0%af"}) {
    CAPTURE(bad);
    CHECK_FALSE(http::is_normal_path(bad));
  }
  CHECK_FALSE(http::is_normal_path(std::string("/a\0b", 4)));
}
