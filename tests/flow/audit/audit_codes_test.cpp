// The audit log holds codes, which each reader sees in the own language.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "audit/event.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/suspend_self.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/event_words.hpp"
#include "flow/login/own_sessions.hpp"
#include "flow/password/change_password.hpp"
#include "flow/person_fixture.hpp"
#include "flow/session/logout.hpp"
#include "text/text.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Life : PersonFixture {
  Life() { id = add_person("anna", "anna@clinic.example"); }
  void log_out(const std::string& cookie) {
    REQUIRE(flow::logout(*house, *flow::find_visitor(*house, cookie, facts()), audit::why::logout, facts()));
  }
  /// Of the newest session_end.
  std::string why() {
    for (const auto& [name, value] : flow::audit_details(events("session_end").front())) {
      if (name == "why") return value;
    }
    return {};
  }
  base::Id id;
};

bool is_code(const std::string& value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

TEST_CASE("every reason for which a session ends or a password changes is said in each language") {
  for (const std::string_view code : audit::why::all) {
    CHECK(is_code(std::string(code)));
    CHECK_MESSAGE(text::has("audit.why." + std::string(code)), code);
  }
  for (const auto reason : {identity::MustChange::initial, identity::MustChange::reset, identity::MustChange::expired,
                            identity::MustChange::policy}) {
    CHECK_MESSAGE(text::has("audit.why." + std::string(identity::name_of(reason))), identity::name_of(reason));
  }
}

TEST_CASE("every kind of event and each of its details has words in each language") {
  for (const audit::Kind& kind : audit::vocabulary) {
    CHECK_MESSAGE(text::has("audit.type." + std::string(kind.type)), kind.type.view());
    for (const audit::Key& key : kind.keys) {
      CHECK_MESSAGE(text::has("audit.field." + std::string(key.name)), key.name.view());
    }
  }
}

TEST_CASE("an event with a detail that its kind does not have, or with text from elsewhere, is found by every test") {
  audit::Event event;
  event.type = "login";
  event.data = R"({"method":"password","reason":"wrong_password","in_this_minute":"64"})";
  CHECK(testing::find_misfit(event).empty());
  event.data = R"({"typed":"anna"})";
  CHECK_FALSE(testing::find_misfit(event).empty());
  event.data = R"({"reason":"550 <anna@clinic.example>: unknown"})";
  CHECK_FALSE(testing::find_misfit(event).empty());
  event.type = "denied";
  event.data = R"({"page":"admin audit"})";
  event.outcome = "success";
  CHECK_FALSE(testing::find_misfit(event).empty());
  event.outcome = "failure";
  CHECK(testing::find_misfit(event).empty());
  event.type = "of_no_list";
  CHECK_FALSE(testing::find_misfit(event).empty());
}

TEST_CASE("the record says by a code why each session ended") {
  Life f;
  std::string cookie = f.log_in("anna");
  (void)f.log_in("anna");
  REQUIRE(flow::end_other_sessions(*f.house, f.actor(cookie), f.facts()));
  CHECK(f.why() == audit::why::ended_by_owner);
  f.add_person("jan", "jan@clinic.example");
  (void)flow::login_password(*f.house, {"jan", base::Secret(Life::password), f.log_in("anna")}, f.facts()).value();
  CHECK(f.why() == audit::why::other_login);
  f.now += 24h;
  REQUIRE(flow::end_over_sessions(*f.house, 10, f.now));
  CHECK(f.why() == audit::why::time_over);
  cookie = f.log_in("anna");
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::raise_security_stamp(tx, f.id); }));
  REQUIRE(flow::end_over_sessions(*f.house, 10, f.now));
  CHECK(f.why() == audit::why::ended_elsewhere);
  (void)f.log_in("anna");
  const flow::ChangeWish wish{base::Secret(Life::password), base::Secret("Granite-Sparrow-7-Lake"),
                              base::Secret("Granite-Sparrow-7-Lake")};
  REQUIRE(flow::change_by_program(*f.house, "anna", wish, f.facts())->is_fine());
  CHECK(f.why() == audit::why::password_changed);
  (void)f.log_in("jan");
  REQUIRE(flow::set_password(*f.house, f.operator_actor(), "jan", {base::Secret("Granite-Sparrow-8-Lake"), false},
                             f.facts()));
  CHECK(f.why() == audit::why::password_set);
  (void)flow::login_password(*f.house, {"jan", base::Secret("Granite-Sparrow-8-Lake")}, f.facts()).value();
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "jan", f.facts()));
  CHECK(f.why() == audit::why::suspended);
  f.add_person("ewa", "ewa@clinic.example");
  REQUIRE(flow::delete_own_account(*f.house, f.actor(f.log_in("ewa")), f.facts()));
  CHECK(f.why() == audit::why::deleted);
}

TEST_CASE("no detail of the record that is not data is a sentence") {
  Life f;
  f.log_out(f.log_in("anna"));
  (void)flow::login_password(*f.house, {"anna", base::Secret("wrong")}, f.facts());
  (void)flow::login_password(*f.house, {"nobody", base::Secret("wrong")}, f.facts());
  const flow::ChangeWish wish{base::Secret(Life::password), base::Secret("Granite-Sparrow-7-Lake"),
                              base::Secret("Granite-Sparrow-7-Lake")};
  REQUIRE(flow::change_by_program(*f.house, "anna", wish, f.facts())->is_fine());
  REQUIRE(flow::start_reset_for(*f.house, f.operator_actor(), "anna", f.facts()));
  f.add_person("ewa", "ewa@clinic.example");
  REQUIRE(flow::suspend_self(*f.house, f.actor(f.log_in("ewa")), f.facts()));
  const std::array<std::string_view, 10> codes{"why",  "reason", "how",    "by",   "for",
                                               "step", "kind",   "method", "what", "chosen"};
  int seen = 0;
  for (const audit::Event& event : f.events()) {
    for (const auto& [name, value] : flow::audit_details(event)) {
      if (std::find(codes.begin(), codes.end(), name) == codes.end()) continue;
      ++seen;
      CHECK_MESSAGE(is_code(value), event.type, ": ", name, " = ", value);
      CHECK_MESSAGE(text::has("audit." + name + "." + value), event.type, ": ", name, " = ", value);
    }
  }
  CHECK(seen > 10);
}
