// Cookies as a browser gets them behind a proxy that does TLS, and the end of a session.
#include <doctest/doctest.h>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

const Browser::Headers over_tls{{"X-Forwarded-Proto", "https"}};
constexpr const char* forget_all = "\"cache\", \"storage\"";

void check_cookies(const Reply& reply, std::size_t least) {
  std::size_t found = 0;
  for (const auto& [name, value] : reply.headers) {
    if (name != "set-cookie") continue;
    ++found;
    CHECK_MESSAGE(value.starts_with("__Host-chancery_"), value);
    CHECK_MESSAGE(has(value, "; Secure"), value);
    CHECK_MESSAGE(has(value, "; HttpOnly"), value);
    CHECK_MESSAGE(!has(value, "Domain="), value);
  }
  CHECK(found >= least);
}

}  // namespace

TEST_CASE("over TLS every cookie belongs to this host alone: session, device, login in progress and language") {
  const App app([](app::Config& config) { config.server.trusted_proxies = {"127.0.0.1"}; });
  Browser browser(app.port());
  const Reply page = browser.get("/login?lang=de", over_tls);
  check_cookies(page, 2);
  const Reply done = browser.submit(page.form("/login/password"),
                                    {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}, over_tls);
  REQUIRE(done.status == 303);
  check_cookies(done, 2);
  // The cookies of the session and of the language have an effect over TLS, and none without TLS.
  CHECK(has(browser.get("/account", over_tls).body, "<html lang=\"de\">"));
  CHECK(browser.get("/account").status == 303);
  CHECK(has(browser.get("/").body, "<html lang=\"en\">"));
  check_cookies(browser.submit(browser.get("/logout", over_tls).form("/logout"), {}, over_tls), 1);
}

TEST_CASE(
    "with an https issuer a stranger gets no page, no cookie and no login over plain HTTP, and a listed proxy does") {
  const App app([](app::Config& config) {
    config.settings.site.issuer = "https://login.example.org";
    config.server.trusted_proxies = {"127.0.0.1"};
  });
  Browser browser(app.port());
  for (const char* path : {"/", "/login?lang=de", "/oauth2/authorize", "/.well-known/openid-configuration",
                           "/oauth2/jwks", "/theme/logo.svg", "/api/v1/openapi.json", "/nowhere"}) {
    INFO(path);
    const Reply reply = browser.get(path);
    CHECK(reply.status == 421);
    CHECK(reply.header("set-cookie").empty());
  }
  const Reply page = browser.get("/login?lang=de", over_tls);
  const auto form = page.form("/login/password");
  CHECK(browser.submit(form, {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}).status == 421);
  CHECK(app.events("login").empty());
  const Reply done = browser.submit(form, {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}, over_tls);
  CHECK(done.status == 303);
  check_cookies(done, 2);
  CHECK(browser.get("/account").status == 421);
  CHECK(browser.get("/healthz").status == 200);
}

TEST_CASE("at the end of a session the browser is told to forget what it has kept, and stays a known device") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  CHECK(browser.get("/account").header("clear-site-data").empty());
  const std::string device = browser.cookies["chancery_device"];
  const Reply done = browser.submit(browser.get("/logout").form("/logout"), {});
  CHECK(done.header("clear-site-data") == forget_all);
  CHECK(browser.cookies["chancery_session"].empty());
  CHECK(browser.cookies["chancery_device"] == device);
  CHECK(browser.get("/logout/expired").header("clear-site-data") == forget_all);

  door::log_in_jan(browser);
  const auto suspend = browser.get("/account/suspend").form("/account/suspend");
  CHECK(browser.submit(suspend, {}).header("clear-site-data") == forget_all);
}
