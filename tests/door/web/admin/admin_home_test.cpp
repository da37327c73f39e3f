// The start page of administrators.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

void fail_to_log_in(const App& app, int times) {
  for (int i = 0; i < times; ++i) {
    Browser stranger(app.port());
    const auto form = stranger.follow(stranger.get("/account")).form("/login/password");
    REQUIRE(stranger.submit(form, {{"login", "nobody.here"}, {"password", "Wrong-Password-1"}}).status == 403);
  }
}

}  // namespace

TEST_CASE("the start page of administrators shows failed logins as numbers, as a chart and as a table") {
  const App app;
  fail_to_log_in(app, 3);
  Browser anna(app.port());
  door::log_in_anna(anna);
  const Reply page = anna.get("/admin");
  CHECK(page.status == 200);
  CHECK(has(page.body, "<a href=\"/admin/audit?type=login&amp;outcome=failure\">3<span"));
  CHECK(has(page.body, "<svg viewBox=\"0 0 240 48\" role=\"img\" aria-labelledby=\"chart-hours\""));
  CHECK(has(page.body, "<rect x=\"231\" y=\"1\" width=\"8\" height=\"46\">"));
  CHECK(has(page.body, "<td>3</td><td>0</td>"));
  // The policy of the pages forbids both.
  CHECK_FALSE(has(page.body, "style="));
  CHECK_FALSE(has(page.body, "<style"));
  CHECK(has(page.body, "<li><a href=\"/admin\" aria-current=\"page\">"));
  CHECK(anna.get("/admin/audit?type=login&outcome=failure").status == 200);
}

TEST_CASE("what belongs to the machine is for super administrators, and who administers nothing is refused") {
  const App app;
  Browser anna(app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/admin").body, "<h2 id=\"machine-title\">"));
  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  const std::string all = admin.get("/admin").body;
  CHECK(has(all, "<h2 id=\"machine-title\">"));
  CHECK(has(all, "<dd>SQLite</dd>"));
  Browser jan(app.port());
  door::log_in_jan(jan);
  CHECK(jan.get("/admin").status == 403);
  CHECK_FALSE(has(jan.get("/account").body, "href=\"/admin\""));
  CHECK(Browser(app.port()).get("/admin").location().starts_with("/login"));
}
