#include "audit/reported.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

const base::Time noon = base::parse_rfc3339("2026-11-28T12:00:00Z").value();

audit::Reported right() {
  audit::Reported event;
  event.type = "record.read";
  event.at = "2026-11-28T11:59:00Z";
  event.outcome = "success";
  event.actor = "anna.kowalska";
  event.subject = "Zażółć gęślą jaźń";
  event.object = "record 4711; <b>";
  event.reason = "emergency";
  event.request_id = "9f0c-1";
  return event;
}

/// "field code" of every flaw.
std::string say(const audit::Reported& event) {
  std::string all;
  for (const audit::ReportFlaw& flaw : audit::find_flaws(event, noon)) {
    all.append(all.empty() ? "" : ", ").append(flaw.field).append(" ").append(flaw.code.view());
  }
  return all;
}

}  // namespace

TEST_CASE("an event of a relying system needs its type and outcome, and may say more") {
  CHECK(say(right()).empty());
  CHECK(say({.type = "record.read", .outcome = "failure"}).empty());
  CHECK(say({}) == "type missing, outcome missing");
}

TEST_CASE("a type of a relying system has a dot, so that it is none of ours") {
  for (const char* type : {"record.read", "a.b", "portal.v2.record_read", "0.1"}) {
    CHECK_MESSAGE(audit::is_reported_type(type), type);
  }
  for (const std::string type : {"login", "audit_erase", "", ".", "record.", ".read", "record..read", "Record.read",
                                 "record.read ", "record-read.x", "rec\xc3\xb3rd.read", "record.read\n"}) {
    CHECK_FALSE_MESSAGE(audit::is_reported_type(type), type);
  }
  CHECK_FALSE(audit::is_reported_type("a." + std::string(63, 'b')));
  CHECK(audit::is_reported_type("a." + std::string(62, 'b')));
}

TEST_CASE("every wrong member of an event is named at once") {
  audit::Reported event = right();
  event.type = "login";
  event.at = "yesterday";
  event.outcome = "perhaps";
  event.actor = "";
  event.subject = std::string(201, 'x');
  event.object = "two\nlines";
  event.reason = "not a code";
  event.request_id = std::string(101, '1');
  CHECK(say(event) ==
        "type bad_form, at bad_form, outcome not_a_choice, actor bad_form, subject too_long, object bad_character, "
        "reason bad_character, request_id too_long");
}

TEST_CASE("two hundred characters are two hundred characters in every script") {
  audit::Reported event = right();
  event.object->clear();
  for (int i = 0; i < 200; ++i) *event.object += "ż";
  CHECK(say(event).empty());
  *event.object += "ż";
  CHECK(say(event) == "object too_long");
}

TEST_CASE("a text cannot change the direction or the lines of a page that shows it") {
  for (const char* text : {"a\xe2\x80\xae"
                           "b",
                           "a\xe2\x81\xa6"
                           "b",
                           "a\xe2\x80\xa8"
                           "b",
                           "a\xc2\x85"
                           "b",
                           "a\x7f"
                           "b",
                           "a\x01"
                           "b",
                           "a\xd8\x9c"
                           "b"}) {
    audit::Reported event = right();
    event.actor = text;
    CHECK_MESSAGE(say(event) == "actor bad_character", text);
  }
  audit::Reported event = right();
  event.actor = "a\xff";
  CHECK(say(event) == "actor bad_form");
}

TEST_CASE("the clock of a relying system may be five minutes ahead, and no more") {
  audit::Reported event = right();
  event.at = "2026-11-28T12:05:00Z";
  CHECK(say(event).empty());
  event.at = "2026-11-28T12:05:01Z";
  CHECK(say(event) == "at in_the_future");
  event.at = "2026-11-28T13:05:00+01:00";  // times are in UTC
  CHECK(say(event) == "at bad_form");
  event.at = "2019-01-01T00:00:00Z";  // a system may send later what it has kept
  CHECK(say(event).empty());
}
