// The name of an application in the language of the page, through the whole server.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;

constexpr const char* authorize =
    "/oauth2/authorize?client_id=demo-portal&response_type=code&scope=openid&state=s&nonce=n&"
    "redirect_uri=http%3A%2F%2Flocalhost%3A8090%2Fcallback&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"
    "code_challenge_method=S256";

}  // namespace

TEST_CASE("the login names the application in the language of the page, also after another one is chosen") {
  const App app;
  Browser browser(app.port());
  const std::string login = browser.get(authorize).location();
  REQUIRE(has(login, "/login?attempt="));
  CHECK(has(browser.get(login).body, "Clinic portal"));
  const std::string german = browser.get(login + "&lang=de").body;
  CHECK(has(german, "Klinikportal"));
  CHECK_FALSE(has(german, "Clinic portal"));
  CHECK(has(browser.get(login + "&lang=pl").body, "Portal kliniki"));
  CHECK(has(browser.get(login).body, "Portal kliniki"));  // the choice is kept
  const std::string locales = browser.get(std::string(authorize) + "&ui_locales=de").location();
  CHECK(has(browser.get(locales).body, "Klinikportal"));
}

TEST_CASE("the overview, the applications, the last logins and the sessions name it in the person's language") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026", "", authorize);
  for (const std::string page : {"/account", "/account/applications", "/account/activity", "/account/sessions"}) {
    CAPTURE(page);
    CHECK(has(browser.get(page + "?lang=en").body, "Clinic portal"));
    CHECK(has(browser.get(page + "?lang=de").body, "Klinikportal"));
    const std::string polish = browser.get(page + "?lang=pl").body;
    CHECK(has(polish, "Portal kliniki"));
    CHECK_FALSE(has(polish, "Clinic portal"));
  }
}
