// What an administrator sees of an account, the trace that looking leaves, and its deletion by an administrator.
#include "flow/admin/look_at_account.hpp"

#include <doctest/doctest.h>

#include "flow/account/delete_account.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/person_fixture.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Administrator : PersonFixture {
  Administrator() {
    flow::NewAccount wished = wish("ada");
    wished.contexts = {"administrator"};
    wished.email = "ada@clinic.example";
    ada = create(wished);
    cookie = log_in("ada");
    jan = add_person("jan", "jan@clinic.example");
  }
  base::Result<flow::AccountView> look(const base::Id& id) {
    return flow::look_at_account(*house, actor(cookie), id.to_string(), facts());
  }
  base::Result<void> remove(const base::Id& id) {
    return flow::delete_account(*house, actor(cookie), id.to_string(), facts());
  }
  base::Id ada;
  base::Id jan;
  std::string cookie;
};

}  // namespace

TEST_CASE("whoever looks at an account leaves one event in an hour, with the account and without its data") {
  Administrator f;
  for (int i = 0; i < 5; ++i) REQUIRE(f.look(f.jan));
  auto events = f.events("account_read");
  REQUIRE(events.size() == 1);
  CHECK(events[0].actor == f.ada);
  CHECK(events[0].subject == f.jan);
  CHECK(events[0].data.find("jan") == std::string::npos);
  REQUIRE(f.look(f.add_person("ewa", "ewa@clinic.example")));
  CHECK(f.events("account_read").size() == 2);
  f.now += 1h + 1s;
  f.cookie = f.log_in("ada");
  REQUIRE(f.look(f.jan));
  CHECK(f.events("account_read").size() == 3);
  // The own account is no news.
  REQUIRE(f.look(f.ada));
  CHECK(f.events("account_read").size() == 3);
}

TEST_CASE("credentials are shown by kind and time, and no secret is among them") {
  Administrator f;
  const auto seen = f.look(f.jan);
  REQUIRE(seen);
  REQUIRE(seen->password);
  CHECK(seen->password->set_at == f.now);
  CHECK(seen->data.fields.get("login") == "jan");
  flow::NewAccount bare = f.wish("bare");
  bare.password = {};
  CHECK_FALSE(f.look(f.create(bare))->password);
}

TEST_CASE("nobody looks without the permission") {
  Administrator f;
  const rights::Actor jan = f.actor(f.log_in("jan"));
  CHECK(flow::look_at_account(*f.house, jan, f.ada.to_string(), f.facts()).error().code == base::Code::denied);
  CHECK(f.events("account_read").empty());
}

TEST_CASE("an administrator deletes an account: everything ends, the data are gone, and nobody can restore it") {
  Administrator f;
  const std::string jan = f.log_in("jan");
  auto facts = f.facts();
  facts.motive = audit::motive::left;
  REQUIRE(flow::delete_account(*f.house, f.actor(f.cookie), f.jan.to_string(), facts));
  CHECK(f.account(f.jan).status == identity::AccountStatus::deleted);
  CHECK(f.account(f.jan).email.empty());
  CHECK(flow::find_visitor(*f.house, jan, f.facts())->session() == nullptr);
  const auto events = f.events("account_delete");
  REQUIRE(events.size() == 1);
  CHECK(events[0].actor == f.ada);
  CHECK(events[0].data.find("administrator") != std::string::npos);
  CHECK(events[0].data.find("left") != std::string::npos);
  CHECK(f.remove(f.jan));
  CHECK(f.events("account_delete").size() == 1);
  f.add_person("jan", "jan@clinic.example");
}

TEST_CASE("nobody deletes the own account there, nor one with more rights; without a fresh proof nothing is deleted") {
  Administrator f;
  CHECK(f.remove(f.ada).error().code == base::Code::denied);
  flow::NewAccount root = f.wish("root");
  root.contexts = {"super_administrator"};
  CHECK(f.remove(f.create(root)).error().code == base::Code::denied);
  f.now += 6min;
  CHECK(f.remove(f.jan).error().code == base::Code::denied);
  CHECK(f.account(f.jan).status == identity::AccountStatus::active);
}
