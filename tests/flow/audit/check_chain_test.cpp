// The chain of the audit log is verified in the background when a person asks for it.
#include "flow/audit/check_chain.hpp"

#include <doctest/doctest.h>

#include "flow/person_fixture.hpp"
#include "store/driver/sql.hpp"

using namespace std::chrono_literals;
using flow::CheckState;
using testing::PersonFixture;

namespace {

struct Fixture : PersonFixture {
  Fixture() {
    flow::NewAccount auditor = wish("ada");
    auditor.email = "ada@clinic.example";
    auditor.contexts = {"administrator"};
    create(auditor);
    add_person("jan", "jan@clinic.example");
    cookie = log_in("ada");
  }
  flow::ChainCheck check() {
    const auto found = flow::find_check(*house, actor(cookie), now);
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
  }
  base::Result<void> ask() { return flow::ask_for_check(*house, actor(cookie), facts()); }
  void run(flow::CheckRunner& one) {
    while (one.step(*house, now).value()) {
    }
  }
  void execute(store::Sql sql) {
    REQUIRE(store->write([&](store::Tx& tx) { return tx.run(sql, {}); }));
  }
  std::string cookie;
  flow::CheckRunner runner;
};

}  // namespace

TEST_CASE("a check that was asked for runs in the background, is recorded, and says that all is in order") {
  Fixture f;
  CHECK_FALSE(flow::find_check(*f.house, f.actor(f.cookie), f.now).value().has_value());
  CHECK_FALSE(f.runner.step(*f.house, f.now).value());  // nobody has asked
  REQUIRE(f.ask());
  CHECK(f.check().state == CheckState::waiting);
  CHECK(f.runner.step(*f.house, f.now).value());
  CHECK(f.check().state == CheckState::running);
  CHECK(f.check().total > 0);
  f.run(f.runner);
  CHECK(f.check().state == CheckState::intact);
  CHECK(f.check().checked >= f.check().total);
  const auto events = f.events("audit_check");
  REQUIRE(events.size() == 2);
  CHECK(events.at(1).data == R"({"step":"asked"})");
  CHECK(events.at(1).actor);
  CHECK(events.at(0).outcome == "success");
  CHECK(events.at(0).data.find(R"("step":"done")") != std::string::npos);
}

TEST_CASE("a check names the first event that is wrong") {
  Fixture f;
  (void)f.log_in("jan");
  f.execute("UPDATE audit_event SET outcome = 'failure' WHERE seq = 4");
  f.execute("UPDATE audit_event SET context = 'x' WHERE seq = 3");
  REQUIRE(f.ask());
  f.run(f.runner);
  CHECK(f.check().state == CheckState::broken);
  CHECK(f.check().first_event == 3);
  CHECK(f.check().flaw == "altered");
  CHECK(f.check().flaws == 2);
  CHECK(f.events("audit_check").front().outcome == "failure");
  CHECK(f.events("audit_check").front().data.find(R"("flaw":"altered","event":"3")") != std::string::npos);
}

TEST_CASE("one check runs at a time, on one node") {
  Fixture f;
  REQUIRE(f.ask());
  CHECK(f.ask().error().code == base::Code::conflict);
  flow::CheckRunner other;
  CHECK(f.runner.step(*f.house, f.now).value());
  CHECK_FALSE(other.step(*f.house, f.now).value());
  CHECK(f.ask().error().code == base::Code::conflict);
  f.run(f.runner);
  CHECK(f.ask());
}

TEST_CASE("a check whose node has ended is given up, and what it still says is not taken") {
  Fixture f;
  REQUIRE(f.ask());
  CHECK(f.runner.step(*f.house, f.now).value());
  f.now += 3min;
  CHECK(f.check().state == CheckState::failed);
  REQUIRE(f.ask());
  flow::CheckRunner other;
  CHECK(other.step(*f.house, f.now).value());
  CHECK_FALSE(f.runner.step(*f.house, f.now).value());  // the first node comes back
  CHECK(f.check().state == CheckState::running);
  f.run(other);
  CHECK(f.check().state == CheckState::intact);
}

TEST_CASE("only those who may read the audit log have it verified") {
  Fixture f;
  const std::string jan = f.log_in("jan");
  CHECK(flow::ask_for_check(*f.house, f.actor(jan), f.facts()).error().code == base::Code::denied);
  CHECK(flow::find_check(*f.house, f.actor(jan), f.now).error().code == base::Code::denied);
  CHECK(f.events("audit_check").empty());
}
