// The page of a failed login by certificate, and of a failed proof by one: words that fit, and a way back.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"

using door::App;
using door::Browser;
using door::has;
using door::Reply;

namespace {

/// The answer of a browser that was asked for a certificate and comes back with `certificate`.
Reply come_back(Browser& browser, const std::string& certificate) {
  const std::string attempt = browser.follow(browser.get("/account")).form("/login/password").field("attempt");
  const Reply page = browser.get("/login/certificate/return?attempt=" + attempt + "&certificate=" + certificate);
  return browser.submit(page.form("/login/certificate"), {});
}

}  // namespace

TEST_CASE("a failed login by certificate speaks of the certificate, and leads back to the choice of methods") {
  const App app;
  Browser browser(app.port());
  const Reply failed = come_back(browser, "somebody-elses-answer");
  CHECK(failed.status == 403);
  CHECK(has(failed.body, "We could not log you in with this certificate."));
  CHECK_FALSE(has(failed.body, "login name and"));
  CHECK_FALSE(has(failed.body, "keyboard"));
  CHECK(has(failed.body, "href=\"/login/certificate?attempt="));
  CHECK(has(failed.body, "href=\"/login/password?attempt="));
}

TEST_CASE("that the browser showed no certificate is said, in each language with the number of the refusal") {
  const App app;
  Browser browser(app.port());
  const Reply failed = come_back(browser, "");
  CHECK(failed.status == 403);
  CHECK(has(failed.body, "The browser showed no certificate"));
  const std::size_t at = failed.body.find("lang=de\"");
  REQUIRE(at != std::string::npos);
  const std::size_t begin = failed.body.rfind("href=\"", at) + 6;
  std::string query = failed.body.substr(begin, failed.body.find('"', begin) - begin);
  for (std::size_t amp = 0; (amp = query.find("&amp;", amp)) != std::string::npos;) query.replace(amp, 5, "&");
  const Reply german = browser.get("/login/certificate" + query);
  CHECK(german.status == 200);
  CHECK(has(german.body, "Der Browser hat kein Zertifikat gezeigt"));
  CHECK(has(german.body, "class=\"reference\""));
}

TEST_CASE("a proof by certificate that fails says so, and asks nobody to check what was typed") {
  const App app;
  Browser browser(app.port());
  door::log_in_jan(browser);
  const std::string here = "/account/confirm?next=/account/security";
  const Reply none = browser.get(here + "&certificate=");
  CHECK(none.status == 403);
  CHECK(has(none.body, "The browser showed no certificate."));
  CHECK_FALSE(has(none.body, "check what you entered"));
  const Reply shown = browser.get(here + "&certificate=somebody-elses-answer");
  const Reply failed = browser.submit(shown.form("/account/confirm"), {});
  CHECK(failed.status == 403);
  CHECK(has(failed.body, "The confirmation with this certificate failed."));
  CHECK_FALSE(has(failed.body, "check what you entered"));
  CHECK(has(failed.body, "name=\"password\""));
}
