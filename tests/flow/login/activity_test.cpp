#include <doctest/doctest.h>

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
  CHECK(activity.last_failure() == failed);

  f.now += 1min;
  (void)f.get_code(cookie);
  activity = activity_of(f, cookie);
  CHECK(activity.elsewhere.last_success == f.now);
  CHECK(activity.elsewhere.failures_since_success == 0);
  CHECK(activity.elsewhere.failures_before == 2);
  CHECK(activity.here.last_success == f.now - 1min);
}

TEST_CASE("a login that an application began counts there once the application has its code") {
  OidcFixture f;
  const auto done =
      flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password), {}, "portal"}, f.facts());
  REQUIRE(done);
  const std::string cookie(done->session_cookie.reveal());
  CHECK_FALSE(activity_of(f, cookie).here.last_success);
  CHECK_FALSE(activity_of(f, cookie).elsewhere.last_success);
  (void)f.get_code(cookie);
  CHECK_FALSE(activity_of(f, cookie).here.last_success);
  CHECK(activity_of(f, cookie).elsewhere.last_success == f.now);
}

TEST_CASE("nobody else's failures are shown") {
  OidcFixture f;
  f.add_account("jan.nowak", OidcFixture::password);
  fail(f, "");
  CHECK_FALSE(activity_of(f, f.log_in("jan.nowak")).last_failure());
}
