#include "flow/login/find_way_in.hpp"

#include <doctest/doctest.h>

#include "flow/account/change_contexts.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/password_fixture.hpp"

using Fixture = testing::PasswordFixture;

namespace {

struct Scene : Fixture {
  Scene() { add_account("anna.kowalska", right, {"user"}, "anna@clinic.example"); }
  void lock() {
    for (int i = 0; i < 5; ++i) CHECK_FALSE(log_in("wrong"));
    deliver();
  }
  void suspend() { REQUIRE(flow::suspend_account(*house, operator_actor(), "anna.kowalska", facts())); }
  void restore() {
    REQUIRE(flow::restore_account(*house, operator_actor(), "anna.kowalska", facts()));
    deliver();
  }
  void unlock() {
    REQUIRE(flow::unlock_account(*house, operator_actor(), "anna.kowalska", facts()));
    deliver();
  }
  bool says(const std::string& message, const std::string& words) {
    return last(message).text.find(words) != std::string::npos;
  }
};

const std::string promise = "You can log in";

}  // namespace

TEST_CASE("lifting a suspension and unlocking have notices of their own") {
  Scene s;
  s.suspend();
  s.restore();
  CHECK(s.count_sent("unlocked") == 0);
  CHECK(s.says("restored", "lifted the suspension"));
  CHECK(s.says("restored", promise));
  s.lock();
  s.unlock();
  CHECK(s.count_sent("restored") == 1);
  CHECK(s.says("unlocked", "removed the lock"));
  CHECK(s.says("unlocked", promise));
}

TEST_CASE("an unlock of an account that nothing locks tells nobody anything") {
  Scene s;
  s.unlock();
  CHECK_FALSE(s.log_in("wrong"));
  s.unlock();
  CHECK(s.sent.empty());
}

TEST_CASE("what an administrator does speaks the installation's language and not that of the administrator's page") {
  Scene s;
  s.settings.site.language = text::Language::pl;
  s.suspend();
  flow::RequestFacts facts = s.facts();
  facts.language = text::Language::de;
  REQUIRE(flow::restore_account(*s.house, Scene::operator_actor(), "anna.kowalska", facts));
  s.deliver();
  CHECK(s.last("restored").language == text::Language::pl);
}

TEST_CASE("no notice promises a login that is not possible") {
  Scene s;
  SUBCASE("unlocked, but still suspended") {
    s.lock();
    s.suspend();
    s.unlock();
    CHECK(s.says("unlocked", "the account is suspended"));
    CHECK_FALSE(s.says("unlocked", promise));
  }
  SUBCASE("no longer suspended, but still locked") {
    s.suspend();
    s.lock();
    s.restore();
    CHECK(s.says("restored", "the account is locked for some time"));
  }
  SUBCASE("an administrator has set an initial password meanwhile") {
    s.suspend();
    REQUIRE(flow::set_password(*s.house, Scene::operator_actor(), "anna.kowalska", {base::Secret(Scene::other), true},
                               s.facts()));
    s.restore();
    CHECK(s.says("restored", "you need the initial password"));
  }
  SUBCASE("the password has expired") {
    s.change_policy([](identity::PasswordPolicy& policy) {
      policy.max_age = std::chrono::hours(24);
      policy.expiry_meaning = identity::ExpiryMeaning::reset_only;
    });
    s.suspend();
    s.now += std::chrono::hours(25);
    s.restore();
    CHECK(s.says("restored", "Your password is no longer valid"));
  }
  SUBCASE("the account has no context") {
    s.suspend();
    REQUIRE(flow::remove_context(*s.house, Scene::operator_actor(), {"anna.kowalska", "user"}, s.facts()));
    s.restore();
    CHECK(s.says("restored", "the account has no context"));
  }
  CHECK(s.log_in(Scene::right).has_value() == false);
  if (s.count_sent("restored") > 0) CHECK_FALSE(s.says("restored", promise));
}
