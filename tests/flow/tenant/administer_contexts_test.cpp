#include "flow/tenant/administer_contexts.hpp"

#include <doctest/doctest.h>

#include "flow/account/delete_account.hpp"
#include "flow/account/own_data.hpp"
#include "flow/account/suspend_self.hpp"
#include "flow/person_fixture.hpp"

using testing::PersonFixture;

namespace {

base::Result<bool> limit(PersonFixture& f, std::vector<std::string> lacks, const char* context = "user") {
  return flow::change_acting_context(*f.house, PersonFixture::operator_actor(), {"", context},
                                     {.lacks = std::move(lacks)}, f.facts());
}

}  // namespace

TEST_CASE("what a context lacks is recorded with what was before and after, and once") {
  PersonFixture f;
  CHECK(limit(f, {"own_deletion", "own_data", "own_data"}).value());
  CHECK_FALSE(limit(f, {"own_data", "own_deletion"}).value());
  CHECK(limit(f, {}).value());
  const auto events = f.events("context_change");
  REQUIRE(events.size() == 2);
  CHECK(events[1].data.find(R"(lacks=own_data own_deletion")") != std::string::npos);
  CHECK(events[0].data.find(R"(lacks=own_data own_deletion","new")") != std::string::npos);
  CHECK(events[0].data.find(R"("context":"user")") != std::string::npos);
}

TEST_CASE("no context lacks what it cannot lack, and there must be the context") {
  PersonFixture f;
  for (const char* odd : {"", "use_account", "administer_all", "own_data own_password", "OWN_DATA"}) {
    CHECK(limit(f, {odd}).error().code == base::Code::invalid_input);
  }
  CHECK(limit(f, {"own_data"}, "nobody").error().code == base::Code::not_found);
  CHECK(f.events("context_change").empty());
}

TEST_CASE("only who administers everything says what a context lacks") {
  PersonFixture f;
  flow::NewAccount wished = f.wish("anna");
  wished.email = "anna@clinic.example";
  wished.contexts = {"administrator"};
  f.create(wished);
  const rights::Actor anna = f.actor(f.log_in("anna"));
  CHECK(flow::change_acting_context(*f.house, anna, {"", "user"}, {.lacks = {{"own_data"}}}, f.facts()).error().code ==
        base::Code::denied);
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor plain = f.actor(f.log_in("jan"));
  CHECK(flow::list_acting_contexts(*f.house, plain, "").error().code == base::Code::denied);
}

TEST_CASE("the flows refuse what the context lacks, whatever the page has shown") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  const std::string cookie = f.log_in("anna");
  const rights::Actor before = f.actor(cookie);  // as a page found it before the change
  CHECK(limit(f, {"own_data", "own_suspension", "own_deletion"}).value());
  for (const rights::Actor& actor : {before, f.actor(cookie)}) {
    CHECK(flow::suspend_self(*f.house, actor, f.facts()).error().code == base::Code::denied);
    CHECK(flow::delete_own_account(*f.house, actor, f.facts()).error().code == base::Code::denied);
    CHECK(flow::change_own_data(*f.house, actor, {}, f.facts()).error().code == base::Code::denied);
  }
  CHECK(flow::read_own_data(*f.house, f.actor(cookie), f.now).error().code == base::Code::denied);
  CHECK(limit(f, {}).value());
  CHECK(flow::read_own_data(*f.house, f.actor(cookie), f.now));
}
