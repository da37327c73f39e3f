// Refusals of rights and attempts to get around a control are in the log, and cannot fill it.
#include "flow/session/record_denial.hpp"

#include <doctest/doctest.h>

#include "flow/person_fixture.hpp"
#include "flow/session/find_visitor.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Fixture : PersonFixture {
  Fixture() { anna = add_person("anna", "anna@clinic.example"); }
  flow::Visitor visitor(const std::string& cookie) { return *flow::find_visitor(*house, cookie, facts()); }
  std::string counts(const std::string& type) {
    std::string all;
    for (const auto& event : events(type)) {
      const std::size_t at = event.data.find("\"in_this_minute\":\"");
      all += at == std::string::npos ? "1 " : event.data.substr(at + 18, event.data.find('"', at + 18) - at - 18) + " ";
    }
    return all;
  }
  base::Id anna;
};

constexpr flow::Denial denial{"/admin/accounts/{id}/suspend", rights::Permission::manage_accounts};

}  // namespace

TEST_CASE("a refusal of a right says who was refused what, and on whom") {
  Fixture f;
  const auto visitor = f.visitor(f.log_in("anna"));
  REQUIRE(visitor.actor);
  flow::Denial refused = denial;
  refused.subject = f.add_account("jan", PersonFixture::password);
  REQUIRE(flow::record_denial(*f.house, *visitor.actor, refused, f.facts()));
  const auto events = f.events("denied");
  REQUIRE(events.size() == 1);
  CHECK(events[0].outcome == "failure");
  CHECK(events[0].actor == f.anna);
  CHECK(events[0].subject == refused.subject);
  CHECK(events[0].session == visitor.session()->id);
  CHECK(events[0].context == "user");
  CHECK(events[0].request_id == "request-1");
  CHECK(events[0].data == R"({"page":"admin accounts suspend","permission":"manage_accounts"})");
}

TEST_CASE("who is refused again and again fills no log, and each action is counted by itself") {
  Fixture f;
  const auto visitor = f.visitor(f.log_in("anna"));
  for (int i = 0; i < 100; ++i) REQUIRE(flow::record_denial(*f.house, *visitor.actor, denial, f.facts()));
  CHECK(f.counts("denied") == "64 32 16 8 4 2 1 ");
  REQUIRE(flow::record_denial(*f.house, *visitor.actor, {"/admin/audit", rights::Permission::read_audit}, f.facts()));
  CHECK(f.events("denied").size() == 8);
  f.now += 61s;
  REQUIRE(flow::record_denial(*f.house, *visitor.actor, denial, f.facts()));
  CHECK(f.events("denied").size() == 9);
}

TEST_CASE("a session cookie with another secret is recorded at the session that it names, and opens nothing") {
  Fixture f;
  std::string cookie = f.log_in("anna");
  const auto session = f.visitor(cookie).session()->id;
  CHECK(f.events("tampering").empty());
  cookie.back() = cookie.back() == 'A' ? 'E' : 'A';
  for (int i = 0; i < 5; ++i) CHECK(f.visitor(cookie).session() == nullptr);
  CHECK(f.counts("tampering") == "4 2 1 ");
  CHECK(f.events("tampering").front().session == session);
  CHECK(f.events("tampering").front().subject == f.anna);
  CHECK(f.events("tampering").front().data.find("session_cookie") != std::string::npos);
}
