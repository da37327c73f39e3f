#include "flow/account/main_account.hpp"

#include <doctest/doctest.h>

#include "flow/account/sub_accounts.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/person_fixture.hpp"

using testing::PersonFixture;

namespace {

struct Decision : PersonFixture {
  Decision() {
    id = add_person("boss", "info@practice.example");
    cookie = log_in("boss");
  }
  base::Result<base::Id> add_sub() {
    return flow::create_sub_account(*house, actor(cookie), {"sales", "Ewa", "Lis", "info+sales@practice.example", true},
                                    facts());
  }
  base::Result<void> appoint(const std::string& whom) {
    return flow::appoint_main_account(*house, operator_actor(), whom, facts());
  }
  base::Result<void> dismiss(const std::string& whom) {
    return flow::dismiss_main_account(*house, operator_actor(), whom, facts());
  }
  base::Id id;
  std::string cookie;
};

}  // namespace

TEST_CASE("an employee makes no sub accounts until somebody has decided that the account is a main account") {
  Decision f;
  CHECK(f.add_sub().error().code == base::Code::denied);
  flow::NewAccount wished = f.wish("desk");
  wished.email = "info+desk@practice.example";
  wished.main_account = "boss";
  CHECK(flow::create_account(*f.house, f.operator_actor(), wished, f.facts()).error().code ==
        base::Code::invalid_input);
  REQUIRE(f.appoint("boss"));
  REQUIRE(f.appoint("boss"));
  REQUIRE(f.events("account_change").size() == 1);
  CHECK(f.events("account_change")[0].subject == f.id);
  CHECK(f.add_sub());
}

TEST_CASE("a main account stays one while it has sub accounts") {
  Decision f;
  REQUIRE(f.appoint("boss"));
  REQUIRE(f.dismiss("boss"));
  CHECK(f.add_sub().error().code == base::Code::denied);
  REQUIRE(f.appoint("boss"));
  REQUIRE(f.add_sub());
  CHECK(f.dismiss("boss").error().code == base::Code::conflict);
  CHECK(f.account(f.id).is_main);
}

TEST_CASE("a sub account, a recipient and a suspended account are no main accounts") {
  Decision f;
  REQUIRE(f.appoint("boss"));
  REQUIRE(f.add_sub());
  CHECK(f.appoint("sales").error().code == base::Code::conflict);
  flow::NewAccount wished = f.wish("jan");
  wished.kind = identity::AccountKind::recipient;
  f.create(wished);
  CHECK(f.appoint("jan").error().code == base::Code::conflict);
  f.add_person("left", "");
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "left", f.facts()));
  CHECK(f.appoint("left").error().code == base::Code::conflict);
}

TEST_CASE("nobody makes a main account of the own account, and who is no administrator of none") {
  Decision f;
  CHECK(flow::appoint_main_account(*f.house, f.actor(f.cookie), "boss", f.facts()).error().code == base::Code::denied);
  flow::NewAccount wished = f.wish("admin");
  wished.contexts = {"administrator"};
  f.create(wished);
  CHECK(flow::appoint_main_account(*f.house, f.actor(f.log_in("admin")), "admin", f.facts()).error().code ==
        base::Code::denied);
  CHECK(flow::appoint_main_account(*f.house, f.actor(f.log_in("admin")), "boss", f.facts()));
}
