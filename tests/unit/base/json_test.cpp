#include "base/json.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using base::JsonArray;
using base::JsonObject;

TEST_CASE("whatever a text holds, it stays one JSON string") {
  CHECK(base::to_json_string("") == R"("")");
  CHECK(base::to_json_string("a \"b\" \\ /") == R"("a \"b\" \\ /")");
  CHECK(base::to_json_string("line\r\n\ttab\x1f") == R"("line\u000d\u000a\u0009tab\u001f")");
  CHECK(base::to_json_string(std::string_view("a\0b", 3)) == R"("a\u0000b")");
  CHECK(base::to_json_string("zażółć \x7f 🦔") == "\"zażółć \x7f 🦔\"");
}

TEST_CASE("octets that are not UTF-8 become the replacement character, and ASCII around them stays") {
  CHECK(base::to_json_string("a\xff\"b") == "\"a\xef\xbf\xbd\\\"b\"");
  CHECK(base::to_json_string("\xc3") == "\"\xef\xbf\xbd\"");
  CHECK(base::to_json_string("\xed\xa0\x80").find('\xed') == std::string::npos);
}

TEST_CASE("an object has its members in the order in which they were written") {
  CHECK(JsonObject().finish() == "{}");
  CHECK(JsonObject().text("b", "x").number("a", -7).flag("c", true).flag("d", false).finish() ==
        R"({"b":"x","a":-7,"c":true,"d":false})");
  CHECK(JsonObject().text_if("none", "").text_if("some", "x").finish() == R"({"some":"x"})");
  CHECK(JsonObject().raw("inner", JsonObject().text("a", "b").finish()).finish() == R"({"inner":{"a":"b"}})");
  CHECK(JsonObject().text("a\"b", "x").finish() == R"({"a\"b":"x"})");
}

TEST_CASE("the largest and the smallest number are written whole") {
  CHECK(JsonArray()
            .number(std::numeric_limits<std::int64_t>::max())
            .number(std::numeric_limits<std::int64_t>::min())
            .finish() == "[9223372036854775807,-9223372036854775808]");
}

TEST_CASE("words become a list, however many blanks are between them") {
  CHECK(JsonObject().words("scope", "openid profile").finish() == R"({"scope":["openid","profile"]})");
  CHECK(JsonObject().words("scope", "").finish() == R"({"scope":[]})");
  CHECK(JsonObject().words("scope", "  a   [ ").finish() == R"({"scope":["a","["]})");
}

TEST_CASE("a list holds texts, numbers and finished values") {
  CHECK(JsonArray().finish() == "[]");
  CHECK(JsonArray().text("[").text("").number(0).raw("{}").finish() == R"(["[","",0,{}])");
}

TEST_CASE("memory that is used again leaves nothing of its old text") {
  CHECK(JsonObject(std::string("{\"old\":1}")).number("new", 2).finish() == R"({"new":2})");
}
