#include <doctest/doctest.h>

#include "flow/login/list_past_logins.hpp"
#include "flow/login/own_sessions.hpp"
#include "flow/login/read_activity.hpp"
#include "flow/oidc_fixture.hpp"

using namespace std::chrono_literals;
using testing::OidcFixture;

namespace {

flow::Activity activity_of(OidcFixture& f, const std::string& cookie) {
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  return flow::read_activity(*f.house, *visitor->actor, f.now).value();
}

void fail(OidcFixture& f, const std::string& client_id) {
  CHECK_FALSE(flow::login_password(*f.house, {"anna.kowalska", base::Secret("wrong"), {}, client_id}, f.facts()));
}

void fail_from(OidcFixture& f, const std::string& ip, const std::string& client_id) {
  flow::RequestFacts facts = f.facts();
  facts.ip = ip;
  CHECK_FALSE(flow::login_password(*f.house, {"anna.kowalska", base::Secret("wrong"), {}, client_id}, facts));
}

std::string log_in_for(OidcFixture& f, const std::string& client_id) {
  const auto done =
      flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password), {}, client_id}, f.facts());
  REQUIRE(done);
  return std::string(done->session_cookie.reveal());
}

}  // namespace

TEST_CASE("logins here and in other systems are told apart, failures as well") {
  OidcFixture f;
  fail(f, "");
  fail(f, "portal");
  fail(f, "portal");
  const base::Time failed = f.now;
  f.now += 1min;
  const std::string cookie = f.log_in();
  auto activity = activity_of(f, cookie);
  CHECK(activity.here.last_success == f.now);
  CHECK(activity.here.last_success_ip == "192.0.2.7");
  CHECK(activity.here.last_failure == failed);
  CHECK(activity.here.failures_since_success == 0);
  CHECK(activity.here.failures_before == 1);
  CHECK_FALSE(activity.elsewhere.last_success);
  CHECK(activity.elsewhere.last_failure == failed);
  CHECK(activity.elsewhere.failures_since_success == 2);
  CHECK(activity.anywhere.last_failure == failed);
  CHECK(activity.failures_to_tell() == 3);

  f.now += 1min;
  const std::string there = log_in_for(f, "portal");
  activity = activity_of(f, there);
  CHECK(activity.elsewhere.last_success == f.now);
  CHECK(activity.elsewhere.failures_since_success == 0);
  CHECK(activity.elsewhere.failures_before == 2);
  CHECK(activity.here.last_success == f.now - 1min);
}

TEST_CASE("a login that an application began counts there, and its code counts nothing more") {
  OidcFixture f;
  const std::string cookie = log_in_for(f, "portal");
  const base::Time logged_in = f.now;
  CHECK_FALSE(activity_of(f, cookie).here.last_success);
  CHECK(activity_of(f, cookie).elsewhere.last_success == logged_in);
  f.now += 1min;
  (void)f.get_code(cookie);
  CHECK(activity_of(f, cookie).elsewhere.last_success == logged_in);
}

TEST_CASE("the owner is told of six failures from elsewhere, when and whence, and after the next login of none") {
  OidcFixture f;
  for (const char* client : {"", "portal", "", "portal", "portal", ""}) fail_from(f, "198.51.100.9", client);
  const base::Time failed = f.now;
  f.now += 10min;
  const auto after = activity_of(f, f.log_in());
  CHECK(after.failures_to_tell() == 6);
  CHECK(after.anywhere.last_failure == failed);
  CHECK(after.anywhere.last_failure_ip == "198.51.100.9");
  f.now += 10min;
  CHECK(activity_of(f, f.log_in()).failures_to_tell() == 0);
}

TEST_CASE("a silent login into a second application changes neither count") {
  OidcFixture f;
  fail(f, "");
  fail(f, "portal");
  fail(f, "portal");
  f.now += 1min;
  const std::string cookie = f.log_in();
  f.now += 1min;
  (void)f.get_code(cookie);
  (void)f.get_code(cookie);
  const auto activity = activity_of(f, cookie);
  CHECK(activity.elsewhere.failures_since_success == 2);
  CHECK(activity.elsewhere.failures_before == 0);
  CHECK_FALSE(activity.elsewhere.last_success);
  CHECK(activity.failures_to_tell() == 3);
}

TEST_CASE("nobody else's failures are shown") {
  OidcFixture f;
  f.add_account("jan.nowak", OidcFixture::password);
  fail(f, "");
  CHECK_FALSE(activity_of(f, f.log_in("jan.nowak")).anywhere.last_failure);
}

TEST_CASE("the last twenty logins and failed attempts are told with time, address and application, the newest first") {
  OidcFixture f;
  fail_from(f, "203.0.113.9", "portal");
  f.now += 1min;
  const std::string cookie = f.log_in();
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  const auto logins = flow::list_past_logins(*f.house, *visitor->actor, text::Language::en);
  REQUIRE(logins);
  REQUIRE(logins->size() == 2);
  CHECK(logins->front().at == f.now);
  CHECK(logins->front().succeeded);
  CHECK(logins->front().ip == "192.0.2.7");
  CHECK(logins->front().application.empty());
  CHECK_FALSE(logins->back().succeeded);
  CHECK(logins->back().ip == "203.0.113.9");
  CHECK_FALSE(logins->back().application.empty());

  for (int i = 0; i < 25; ++i) {
    f.now += 1min;
    log_in_for(f, "");
  }
  const auto many = flow::list_past_logins(*f.house, *visitor->actor, text::Language::en);
  REQUIRE(many);
  CHECK(many->size() == flow::past_logins);
  CHECK(many->front().at == f.now);
}

TEST_CASE("an application in which all past logins were is looked up once, however many logins there are") {
  OidcFixture f;
  log_in_for(f, "portal");
  const std::string cookie = f.log_in();
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  const auto count_statements = [&] {
    const std::uint64_t before = store::statements_run();
    REQUIRE(flow::list_past_logins(*f.house, *visitor->actor, text::Language::en));
    return store::statements_run() - before;
  };
  const std::uint64_t few = count_statements();
  for (int i = 0; i < 10; ++i) log_in_for(f, "portal");
  CHECK(count_statements() == few);
}

TEST_CASE("a past login tells the name of its device, also one that it got later, and none once it is forgotten") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  const rights::Actor& actor = *visitor->actor;
  CHECK(flow::list_past_logins(*f.house, actor, text::Language::en)->front().device.empty());
  const auto device = flow::list_own_devices(*f.house, actor, f.facts())->front().device.id;
  REQUIRE(flow::name_own_device(*f.house, actor, device, "Ward 3", f.facts()));
  f.now += 1min;
  fail(f, "");
  const auto logins = flow::list_past_logins(*f.house, actor, text::Language::en).value();
  CHECK(logins.front().device.empty());
  CHECK(logins.back().device == "Ward 3");
  REQUIRE(flow::forget_own_device(*f.house, actor, device, f.facts()));
  CHECK(flow::list_past_logins(*f.house, actor, text::Language::en)->back().device.empty());
}

TEST_CASE("nobody sees another person's logins") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  f.add_account("jan.nowak", OidcFixture::password);
  REQUIRE(flow::login_password(*f.house, {"jan.nowak", base::Secret(OidcFixture::password), {}, ""}, f.facts()));
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor);
  CHECK(flow::list_past_logins(*f.house, *visitor->actor, text::Language::en)->size() == 1);
}
