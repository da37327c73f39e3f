// An administrator ends sessions of others (ASVS 5.0 7.4.5).
#include "flow/account/end_sessions_for.hpp"

#include <doctest/doctest.h>

#include "audit/event.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

bool is_open(PersonFixture& f, const std::string& cookie) {
  return flow::find_visitor(*f.house, cookie, f.facts())->session() != nullptr;
}

}  // namespace

TEST_CASE("the operator sees the open sessions of an account and ends one or all") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  f.add_person("jan", "jan@clinic.example");
  const std::string phone = f.log_in("anna");
  const std::string laptop = f.log_in("anna");
  const std::string other = f.log_in("jan");
  const auto by = flow::make_operator("test");
  CHECK(flow::list_sessions_for(*f.house, by, "anna", f.now)->size() == 2);
  const base::Id of_phone = f.actor(phone).session().id;
  const base::Id of_jan = f.actor(other).session().id;
  CHECK(flow::end_session_for(*f.house, by, "anna", of_jan, f.facts()).error().code == base::Code::not_found);
  CHECK(is_open(f, other));
  REQUIRE(flow::end_session_for(*f.house, by, "anna", of_phone, f.facts()));
  CHECK_FALSE(is_open(f, phone));
  CHECK(is_open(f, laptop));
  const std::string again = f.log_in("anna");
  REQUIRE(flow::end_sessions_for(*f.house, by, "anna", f.facts()));
  CHECK_FALSE(is_open(f, laptop));
  CHECK_FALSE(is_open(f, again));
  CHECK(is_open(f, other));
  CHECK(flow::list_sessions_for(*f.house, by, "anna", f.now)->empty());
  // Two ends of one session and of two, and two records of the decision.
  const auto events = f.events("session_end");
  CHECK(events.size() == 5);
  for (const auto& event : events) CHECK(event.data.find(audit::why::ended_by_administrator) != std::string::npos);
}

TEST_CASE("an ordinary person neither sees nor ends sessions of others") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  f.add_person("jan", "jan@clinic.example");
  const std::string of_anna = f.log_in("anna");
  const auto jan = f.actor(f.log_in("jan"));
  const base::Id id = f.actor(of_anna).session().id;
  CHECK(flow::list_sessions_for(*f.house, jan, "anna", f.now).error().code == base::Code::denied);
  CHECK(flow::page_sessions_for(*f.house, jan, "anna", {}, f.now).error().code == base::Code::denied);
  CHECK(flow::end_session_for(*f.house, jan, "anna", id, f.facts()).error().code == base::Code::denied);
  CHECK(flow::end_sessions_for(*f.house, jan, "anna", f.facts()).error().code == base::Code::denied);
  CHECK(is_open(f, of_anna));
}

TEST_CASE("whoever looks after an account sees its sessions in pages, and no session of another account in them") {
  PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  f.add_person("jan", "jan@clinic.example");
  for (int i = 0; i < 5; ++i) {
    f.now += 1s;
    (void)f.log_in("anna");
  }
  const base::Id of_jan = f.actor(f.log_in("jan")).session().id;
  const auto by = flow::make_operator("test");
  flow::SessionsWish wish;
  wish.page.most = 3;
  wish.asked = of_jan;
  const auto first = flow::page_sessions_for(*f.house, by, "anna", wish, f.now).value();
  CHECK(first.rows.size() == 3);
  CHECK(first.ends.count == 5);
  CHECK_FALSE(first.asked);
  for (const flow::OpenSession& one : first.rows) CHECK_FALSE(one.is_own);
  wish.page = {flow::Turn::last, {}, 3};
  const auto last = flow::page_sessions_for(*f.house, by, "anna", wish, f.now).value();
  CHECK(last.rows.size() == 3);
  CHECK(last.rows.back().session.last_seen < first.rows.back().session.last_seen);
  CHECK(flow::page_sessions_for(*f.house, by, "nobody", {}, f.now).error().code == base::Code::not_found);
}
