// What may stay in the audit log without an end.
#include "audit/value.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "audit/event.hpp"

namespace {

template <class Text>
constexpr bool is_refused = !std::is_constructible_v<audit::Value, Text> && !std::is_constructible_v<audit::Code, Text>;

}  // namespace

TEST_CASE("free text has no way into the part of an event that stays for ever") {
  static_assert(is_refused<std::string>);
  static_assert(is_refused<const std::string&>);
  static_assert(is_refused<std::string_view>);
  static_assert(!std::is_constructible_v<audit::Value, const char*>);
  static_assert(!std::is_constructible_v<audit::Detail, audit::Code, std::string>);
  static_assert(!std::is_constructible_v<audit::Detail, audit::Code, std::string_view>);
  static_assert(!std::is_constructible_v<audit::Detail, std::string, audit::Code>);
  static_assert(std::is_constructible_v<audit::Detail, audit::Code, audit::Code>);
  static_assert(std::is_constructible_v<audit::Detail, audit::Code, base::Id>);
  CHECK(audit::Detail("reason", "wrong_password").value.text() == "wrong_password");
}

TEST_CASE("a code that comes back from elsewhere is kept only while it looks like one") {
  CHECK(audit::Value::checked_code("smtp 550 5.1.1").text() == "smtp 550 5.1.1");
  CHECK(audit::Value::checked_code("#0b5cad").text() == "#0b5cad");
  CHECK(audit::Value::checked_code("").text().empty());
  CHECK(audit::Value::checked_code("550 <anna@clinic.example> unknown").text() == "unreadable");
  CHECK(audit::Value::checked_code("Małgorzata").text() == "unreadable");
  CHECK(audit::Value::checked_code("a\nb").text() == "unreadable");
  CHECK(audit::Value::checked_code(std::string(128, 'a')).text() == std::string(128, 'a'));
  CHECK(audit::Value::checked_code(std::string(129, 'a')).text() == "unreadable");
}

TEST_CASE("a registered name stays as it is, in one line") {
  CHECK(audit::Value::registered("Pflegekräfte Süd").text() == "Pflegekräfte Süd");
  CHECK(audit::Value::registered("ward\n\x1b[2J\x7f").text() == "ward[2J");
}

TEST_CASE("ids, times and numbers are written in one form, and nothing is left out but nothing") {
  const base::Id id = base::Id::make(base::parse_rfc3339("2026-11-21T09:00:00Z").value());
  CHECK(audit::Value(id).text() == id.to_string());
  CHECK(audit::Value(std::optional<base::Id>()).text().empty());
  CHECK(audit::Value(base::parse_rfc3339("2026-11-21T09:00:00Z").value()).text() == "2026-11-21T09:00:00.000Z");
  CHECK(audit::Value::count(0).text() == "0");
  CHECK(audit::Value::count(-7).text() == "-7");
  CHECK(audit::Value::count(std::nullopt).text().empty());
  audit::Codes fields;
  CHECK(audit::Value(fields).text().empty());
  fields.add("scopes");
  fields.add("enabled");
  CHECK(audit::Value(fields).text() == "scopes enabled");
}
