#include "http/message.hpp"

#include <doctest/doctest.h>

using http::Form;
using http::Request;

TEST_CASE("a form keeps order and doubles, and a doubled field is an error and not a choice") {
  const auto form = Form::parse("a=1&b=za%C5%BC%C3%B3%C5%82%C4%87+x&a=2&empty=&bare").value();
  CHECK(form.fields().size() == 5);
  CHECK(form.get("b") == "za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87 x");
  CHECK_FALSE(form.find("a"));
  CHECK(form.get("a").empty());
  CHECK(form.find_doubled() == "a");
  CHECK(form.has("empty"));
  CHECK(form.find("bare").value().value().empty());
  CHECK_FALSE(form.find("nothing").value().has_value());
  CHECK(Form::parse("").value().fields().empty());
}

TEST_CASE("a form with broken escapes, octets that are not UTF-8, NUL or too many fields is refused") {
  for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "%00=a", "a=%ed%a0%80"}) {
    CAPTURE(bad);
    CHECK_FALSE(Form::parse(bad));
  }
  CHECK(Form::parse("a=1&b=2", 2));
  CHECK_FALSE(Form::parse("a=1&b=2&c=3", 2));
}

TEST_CASE("a body is a form only if it says so once") {
  Request request;
  request.body = "a=1";
  CHECK_FALSE(request.body_form());
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=UTF-8"}};
  CHECK(request.body_form().value().get("a") == "1");
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  CHECK_FALSE(request.body_form());
  request.headers = {{"Content-Type", "application/json"}};
  CHECK_FALSE(request.body_form());
}

TEST_CASE("a cookie that comes twice is not taken") {
  Request request;
  request.headers = {{"Cookie", "a=1; b=x=y;c=3"}, {"cookie", "b=other"}};
  CHECK(request.cookie("a") == "1");
  CHECK(request.cookie("c") == "3");
  CHECK(request.cookie("b").empty());
  CHECK(request.cookie("d").empty());
  CHECK(request.cookies().size() == 4);
  CHECK(request.cookies()[1].second == "x=y");
}

TEST_CASE("malformed cookies give nothing") {
  Request request;
  request.headers = {{"Cookie", ";;; a ; =b; \t"}};
  CHECK(request.cookie("a").empty());
  CHECK(request.cookie("b").empty());
}

TEST_CASE("cookies are set closed to scripts and other sites unless told otherwise") {
  CHECK(http::to_set_cookie({.name = "__Host-s", .value = "v", .max_age = {}}) ==
        "__Host-s=v; Path=/; Secure; HttpOnly; SameSite=Lax");
  CHECK(http::to_set_cookie({.name = "s",
                             .value = "",
                             .path = "/x",
                             .max_age = 0,
                             .secure = false,
                             .http_only = false,
                             .same_site = "Strict"}) == "s=; Path=/x; Max-Age=0; SameSite=Strict");
}

TEST_CASE("header names are compared without case") {
  Request request;
  request.headers = {{"Authorization", "a"}, {"AUTHORIZATION", "b"}};
  REQUIRE(request.find_header("authorization") != nullptr);
  CHECK(*request.find_header("authorization") == "a");
  CHECK(request.count_header("Authorization") == 2);
  CHECK(request.find_header("Auth") == nullptr);
}
