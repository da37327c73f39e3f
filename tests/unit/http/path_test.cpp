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

TEST_CASE("base64 in the path of OCSP has one spelling, whatever the client sends, and other paths stay as they are") {
  const auto folded = [](std::string path) {
    http::fold_base64(path);
    return path;
  };
  for (const char* sent : {"/pki/ocsp/ab//c+d==", "/pki/ocsp/ab%2F%2fc%2Bd%3D%3d", "/pki/ocsp/ab/%2Fc+d=="}) {
    CAPTURE(sent);
    CHECK(folded(sent) == "/pki/ocsp/ab__c-d");
  }
  for (const char* same : {"/pki/ocsp", "/pki/ocsp/", "/pki/ocsp/../x", "/pki/ocsp/..%2Fx", "/pki/ocsp/a%00",
                           "/pki/ocsp/%zz", "/pki/x//y", "/x/pki/ocsp/a/b"}) {
    CAPTURE(same);
    CHECK(folded(same) == same);
  }
}
