// A second factor that is set up during the login, over HTTP (S3.4): no way around it, and the codes once.
#include <doctest/doctest.h>

#include "app/config/config.hpp"
#include "base/base32.hpp"
#include "crypto/factor/totp.hpp"
#include "door/app_fixture.hpp"
#include "door/factor_rule.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/second_factor_rule.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

void demand_enrolment(const App& app, std::map<std::string, std::string> rules = {}) {
  rules.emplace("enrol_methods", "totp passkey");
  rules.emplace("methods", "totp passkey recovery");
  door::ask_everybody(app, std::move(rules));
}

// The administrator of the fixture has neither a number nor another factor.
Reply first_step(Browser& browser) {
  const PageForm form = browser.follow(browser.get("/account")).form("/login/password");
  return browser.submit(form, {{"login", "admin"}, {"password", "Lantern-Harbour-2026"}});
}

/// The page of the login that sets up a factor.
Reply enrolment(Browser& browser) {
  Reply page = browser.follow(first_step(browser));
  if (!page.location().empty()) page = browser.follow(page);
  return page;
}

std::string code_on(const Reply& page) {
  const std::size_t begin = page.body.find("<pre><code>");
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + std::string_view("<pre><code>").size();
  std::string bare = page.body.substr(from, page.body.find('<', from) - from);
  std::erase(bare, ' ');
  const base::Secret secret(base::parse_base32(bare).value());
  return crypto::make_totp_code(secret, crypto::totp_step_of(base::now()));
}

}  // namespace

TEST_CASE("a login that owes a factor leads to setting one up, and every other page leads back to it") {
  const App app;
  demand_enrolment(app);
  Browser browser(app.port());
  const Reply page = enrolment(browser);
  CHECK(page.status == 200);
  CHECK(has(page.body, "Set up a second step"));
  CHECK(has(page.body, "method=totp"));
  CHECK(has(page.body, "method=passkey"));
  CHECK_FALSE(has(page.body, "later=1"));
  CHECK(has(page.header("cache-control"), "no-store"));
  for (const char* path : {"/account", "/account/data", "/account/factors", "/account/factors/app", "/admin"}) {
    CAPTURE(path);
    CHECK(browser.get(path).location() == "/login/factor");
  }
  CHECK(has(browser.get("/login/factor").location(), "/login/enrol"));
  CHECK(has(browser.get("/login/context").location(), "/login/factor"));
  CHECK(has(browser.get("/login/change").location(), "/login/factor"));
  // "Later" in the address changes nothing when nothing is left.
  CHECK(browser.get("/login/enrol?later=1").status == 200);
  CHECK(browser.get("/account").location() == "/login/factor");
  // No application gets a code meanwhile.
  const Reply silent = browser.get(
      "/oauth2/authorize?client_id=portal&redirect_uri=https%3A%2F%2Fportal.example%2Fcb&response_type=code&"
      "scope=openid&state=s&nonce=n&prompt=none&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"
      "code_challenge_method=S256");
  CHECK_FALSE(has(silent.location(), "code="));
}

TEST_CASE("the app is confirmed by its code, the recovery codes are shown once, and the login goes on") {
  const App app;
  demand_enrolment(app);
  Browser browser(app.port());
  enrolment(browser);
  const Reply offer = browser.get("/login/enrol?method=totp");
  CHECK(has(offer.body, "<svg class=\"qr\""));
  const Reply wrong = browser.submit(offer.form("/login/enrol/app"), {{"code", "12345"}, {"name", "Phone"}});
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "id=\"wrong-code\""));
  CHECK(has(wrong.body, "value=\"Phone\""));
  const std::string code = code_on(offer);
  CHECK(code_on(wrong) == code);
  const Reply done = browser.submit(wrong.form("/login/enrol/app"), {{"code", code}, {"name", "Phone"}});
  CHECK(done.status == 200);
  CHECK(has(done.body, "recovery-codes.txt"));
  CHECK(has(done.header("cache-control"), "no-store"));
  // The page in another language could not show the codes again.
  CHECK_FALSE(has(done.body, "lang=de"));
  CHECK(has(offer.body, "lang=de"));
  CHECK(browser.get("/account").status == 200);
  CHECK(has(browser.get("/account/factors").body, "Phone"));
  // The form once more, as by the button back: nothing is set up again.
  const Reply again = browser.submit(wrong.form("/login/enrol/app"), {{"code", code}});
  CHECK(again.status != 200);
  CHECK_FALSE(has(again.body, "recovery-codes.txt"));
  // The next login asks for the app, and offers nothing to set up.
  Browser next(app.port());
  const Reply page = enrolment(next);
  CHECK(has(page.body, "Code from your app"));
  CHECK(has(next.get("/login/enrol").location(), "/login/factor"));
}

TEST_CASE("where the rule knows no recovery codes, the page says that it is done and what to do without the phone") {
  const App app;
  demand_enrolment(app, {{"methods", "totp sms"}, {"enrol_methods", "totp"}});
  Browser browser(app.port());
  enrolment(browser);
  const Reply offer = browser.get("/login/enrol?method=totp");
  const Reply done = browser.submit(offer.form("/login/enrol/app"), {{"code", code_on(offer)}});
  CHECK(done.status == 200);
  CHECK(has(done.body, "The second step is set up"));
  CHECK(has(done.body, "If you lose the device"));
  CHECK_FALSE(has(done.body, "recovery-codes.txt"));
  CHECK(has(done.body, "href=\"/account\""));
  CHECK(browser.get("/account").status == 200);
}

TEST_CASE("a form of another browser, without a token, or after the session sets up nothing") {
  const App app;
  demand_enrolment(app);
  Browser browser(app.port());
  enrolment(browser);
  const Reply offer = browser.get("/login/enrol?method=totp");
  const std::string code = code_on(offer);
  PageForm forged = offer.form("/login/enrol/app");
  for (auto& [name, value] : forged.fields) {
    if (name == "csrf") value = "wrong";
  }
  CHECK(browser.submit(forged, {{"code", code}}).status == 403);
  Browser stranger(app.port());
  CHECK(stranger.submit(offer.form("/login/enrol/app"), {{"code", code}}).status == 400);
  Browser second(app.port());
  enrolment(second);
  const Reply own = second.get("/login/enrol?method=totp");
  PageForm mixed = own.form("/login/enrol/app");
  for (auto& [name, value] : mixed.fields) {
    for (const auto& [other_name, other_value] : offer.form("/login/enrol/app").fields) {
      if (name == "ticket" && other_name == "ticket") value = other_value;
    }
  }
  // The offer of another session: it is over, and a new one is made.
  CHECK(has(second.submit(mixed, {{"code", code}}).location(), "refused=gone"));
  CHECK(browser.submit(offer.form("/login/enrol/app"), {{"code", code}}).status == 200);
}

TEST_CASE("in the days of grace the page is an offer with a way past it") {
  const App app;
  demand_enrolment(app, {{"grace_days", "7"}});
  Browser browser(app.port());
  const Reply page = browser.follow(first_step(browser));
  CHECK(has(page.body, "7 days are left"));
  CHECK(has(page.body, "later=1"));
  CHECK(has(browser.get("/login/enrol?later=1").location(), "/account"));
  CHECK(has(browser.get("/account").body, "7 days are left"));
  CHECK(has(browser.get("/account").body, "/account/factors"));
}

TEST_CASE("without the switch the page is never shown") {
  const App app;
  demand_enrolment(app, {{"enrol_methods", ""}});
  Browser browser(app.port());
  const Reply right = first_step(browser);
  CHECK(right.status == 403);
  CHECK(has(right.body, "no phone number"));
  CHECK(has(browser.get("/login/enrol").location(), "/login"));
  // Logged in without a rule: the address leads on, and sets up nothing.
  Browser jan(app.port());
  CHECK(jan.get("/login/enrol").status == 303);
}
