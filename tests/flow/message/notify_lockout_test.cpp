#include "flow/message/notify_lockout.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/suspend_account.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/password_fixture.hpp"

using Fixture = testing::PasswordFixture;

namespace {

struct Scene : Fixture {
  explicit Scene(flow::LockoutForm form = flow::LockoutForm::classic) {
    settings.lockout.form = form;
    add_account("anna.kowalska", right, {"user"}, "anna@clinic.example");
  }
  void fail_five_times(const std::string& login = "anna.kowalska") {
    for (int i = 0; i < 5; ++i) CHECK_FALSE(log_in("wrong", login));
  }
  std::vector<store::OutboxItem> items(const std::string& kind) {
    auto all = store->read([&](store::Tx& tx) { return store::list_outbox(tx, 1000); }).value();
    all.erase(std::remove_if(all.begin(), all.end(), [&](const auto& item) { return item.kind != kind; }), all.end());
    return all;
  }
};

}  // namespace

TEST_CASE("the owner of an account that failed attempts locked is told until when, in the installation's language") {
  Scene s;
  s.settings.site.language = text::Language::de;
  s.fail_five_times();
  s.deliver();
  REQUIRE(s.count_sent("locked") == 1);
  CHECK(s.last("locked").to == "anna@clinic.example");
  CHECK(s.last("locked").language == text::Language::de);
  CHECK(s.last("locked").text.find("10:15") != std::string::npos);  // a quarter of an hour after ten in Warsaw
  CHECK(s.items("lockout").empty());                                // it leaves no row
}

TEST_CASE(
    "a notice of a lock counts as delivered, although its row is gone, and so does one for a name that nobody has") {
  Scene s;
  s.fail_five_times();
  s.fail_five_times("nobody.here");
  const flow::Deliverers only_locks{{std::string(flow::lockout_item_kind), flow::make_lockout_deliverer(*s.house)}};
  const auto round = flow::deliver_outbox(*s.house, only_locks, s.now);
  REQUIRE(round);
  CHECK(round->taken == 2);
  CHECK(round->delivered == 2);
  CHECK(round->given_up == 0);
  CHECK(s.items("lockout").empty());
  CHECK(s.items("mail").size() == 1);
}

TEST_CASE("where strangers are delayed, the owner is told so, and not that the account is locked") {
  Scene s(flow::LockoutForm::protective);
  s.fail_five_times();
  s.deliver();
  CHECK(s.count_sent("locked") == 0);
  REQUIRE(s.count_sent("delayed") == 1);
  CHECK(s.last("delayed").text.find("from unknown browsers") != std::string::npos);
}

TEST_CASE("a name that nobody has writes the same row and no message, so that a lock tells nobody who exists") {
  Scene s;
  s.fail_five_times("nobody.here");
  CHECK(s.items("lockout").size() == 1);
  s.fail_five_times();
  CHECK(s.items("lockout").size() == 2);
  s.deliver();
  CHECK(s.sent.size() == 1);
  CHECK(s.items("lockout").empty());
}

TEST_CASE("nobody floods the owner of an account with notices of locks: four a day") {
  Scene s;
  for (int i = 0; i < 8; ++i) {
    s.fail_five_times();
    s.deliver();
    s.now += std::chrono::minutes(30);
  }
  CHECK(s.count_sent("locked") == 4);
  s.now += std::chrono::hours(24);
  s.fail_five_times();
  s.deliver();
  CHECK(s.count_sent("locked") == 5);
}

TEST_CASE("the owner of a suspended account is not told until when it is locked, because no login comes then") {
  Scene s;
  s.fail_five_times();
  REQUIRE(flow::suspend_account(*s.house, Scene::operator_actor(), "anna.kowalska", s.facts()));
  s.deliver();
  CHECK(s.count_sent("locked") == 0);
  CHECK(s.count_sent("suspended") == 1);
  CHECK(s.sent.size() == 1);
}
