// The page of a login that has failed.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

Reply fail(Browser& browser) {
  const PageForm form = browser.follow(browser.get("/account")).form("/login/password");
  return browser.submit(form, {{"login", "jan.nowak"}, {"password", "Wrong-Password-1"}});
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto from = text.find(before);
  REQUIRE(from != std::string::npos);
  return text.substr(from + before.size(), text.find(after, from + before.size()) - from - before.size());
}

/// The address of this page in the language.
std::string in_language(const Reply& page, const std::string& code) {
  std::string link = page.body.substr(0, page.body.find("\" lang=\"" + code + "\" hreflang="));
  link = link.substr(link.rfind("href=\"") + 6);
  for (auto at = link.find("&amp;"); at != std::string::npos; at = link.find("&amp;")) link.replace(at, 5, "&");
  return "/login/password" + link;
}

}  // namespace

TEST_CASE(
    "a failed login in another language still says that it failed, with the login and the number of the refusal") {
  const App app;
  Browser browser(app.port());
  const Reply failed = fail(browser);
  REQUIRE(failed.status == 403);
  const std::string number = between(failed.body, "<p class=\"reference\">", "</p>");
  const Reply page = browser.get(in_language(failed, "de"));
  CHECK(page.status == 200);
  CHECK(has(page.body, "<html lang=\"de\">"));
  CHECK(has(page.body, "id=\"login-failed\""));
  CHECK(has(page.body, "value=\"jan.nowak\""));
  CHECK_FALSE(has(page.body, "Wrong-Password-1"));
  CHECK(between(page.body, "<code>", "</code>") == between(number, "<code>", "</code>"));
  // The page can be shown in a third language, and the login goes on.
  CHECK(has(browser.get(in_language(page, "pl")).body, "id=\"login-failed\""));
  CHECK(browser.submit(page.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}})
            .location() == "/account");
}

TEST_CASE("no link makes the login page say that a login failed in a browser that began none, or says other words") {
  const App app;
  Browser stranger(app.port());
  CHECK_FALSE(has(stranger.get("/login/password?failed=0123456789abcdef").body, "id=\"login-failed\""));
  const std::string attempt = between(stranger.get("/login").body, "name=\"attempt\" value=\"", "\"");
  for (const char* odd :
       {"Call%20now", "%3Cb%3E", "", "ABC", "00000000000000000000000000000000000000000000000000000000000000000"}) {
    CAPTURE(odd);
    const Reply page = stranger.get("/login/password?attempt=" + attempt + "&failed=" + odd);
    CHECK(page.status == 200);
    CHECK_FALSE(has(page.body, "id=\"login-failed\""));
  }
}

TEST_CASE("a failed login by passkey speaks of the passkey and not of a password, and in another language as well") {
  const App app;
  for (const char* answer : {"", "{}", "no answer of a browser"}) {
    CAPTURE(answer);
    Browser browser(app.port());
    const Reply page = browser.follow(browser.get("/account"));
    PageForm form = page.form("/login/passkey");
    std::erase_if(form.fields, [](const auto& field) { return field.first == "answer"; });
    const Reply failed = browser.submit(form, {{"answer", answer}});
    CHECK(failed.status == 403);
    CHECK(has(failed.body, "id=\"login-failed\""));
    CHECK(has(failed.body, "We could not log you in with this passkey."));
    CHECK_FALSE(has(failed.body, "with this login name and password"));
    CHECK_FALSE(has(failed.body, "aria-invalid"));
    // The login goes on by password, whose failure speaks of the password.
    const Reply wrong =
        browser.submit(failed.form("/login/password"), {{"login", "jan.nowak"}, {"password", "Wrong-Password-1"}});
    CHECK(has(wrong.body, "with this login name and password"));
    CHECK_FALSE(has(wrong.body, "with this passkey"));
    const Reply german = browser.get(in_language(failed, "de"));
    CHECK(german.status == 200);
    CHECK(has(german.body, "Die Anmeldung mit diesem Passkey ist fehlgeschlagen."));
    CHECK_FALSE(has(german.body, "diesem Anmeldenamen"));
  }
}
