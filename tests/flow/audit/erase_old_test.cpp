// Personal parts of the audit log are erased when they are too old.
#include <doctest/doctest.h>

#include "flow/audit/erase_due.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/login/login_password.hpp"
#include "flow/person_fixture.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Fixture : PersonFixture {
  void fail_login(const std::string& typed) {
    CHECK_FALSE(flow::login_password(*house, {typed, base::Secret("no")}, facts()));
  }
  bool erase() {
    bool any = false;
    while (flow::erase_old_step(*house, now).value()) any = true;
    return any;
  }
  std::size_t count_typed() {
    std::size_t held = 0;
    for (const auto& event : events("login")) held += event.typed.empty() ? 0U : 1U;
    return held;
  }
  std::size_t count_addresses() {
    std::size_t held = 0;
    for (const auto& event : events("login")) held += event.personal.empty() ? 0U : 1U;
    return held;
  }
};

}  // namespace

TEST_CASE("a password that was typed as a login is gone after thirty days, its network after half a year") {
  Fixture f;
  f.fail_login("Meadow-Violet-2026");
  CHECK(f.events("login").front().typed == "Meadow-Violet-2026");
  CHECK(f.events("login").front().personal.find("Meadow") == std::string::npos);
  CHECK(f.events("login").front().data.find("Meadow") == std::string::npos);
  f.now += 29 * 24h;
  CHECK_FALSE(f.erase());
  f.fail_login("anna");
  f.now += 2 * 24h;
  CHECK(f.erase());
  CHECK(f.count_typed() == 1);
  CHECK(f.count_addresses() == 2);
  CHECK(flow::verify_audit(*f.house, "").value().flaws.empty());

  f.now += 151 * 24h;
  CHECK(f.erase());
  CHECK(f.count_typed() == 0);
  CHECK(f.count_addresses() == 1);
  const auto report = flow::verify_audit(*f.house, "").value();
  CHECK(report.flaws.empty());
  CHECK(report.erased >= 2);
}

TEST_CASE("an erasure by age is recorded once a day at most, and not at all when nothing is old") {
  Fixture f;
  for (int hour = 0; hour < 48; ++hour) {
    f.fail_login("anna");
    f.now += 1h;
  }
  f.now += 31 * 24h - 48h;
  for (int minute = 0; minute < 2 * 24 * 60; minute += 30) {
    f.erase();
    f.now += 30min;
  }
  CHECK(f.events("audit_erase").size() == 3);  // on three dates
  CHECK(f.count_typed() == 0);
}

TEST_CASE("who keeps a part for ever keeps it") {
  Fixture f;
  f.settings.audit.keep_typed = 0s;
  f.settings.audit.keep_addresses = 0s;
  f.fail_login("anna");
  f.now += 9000 * 24h;
  CHECK_FALSE(f.erase());
  CHECK(f.count_typed() == 1);
}
