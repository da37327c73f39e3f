// The help pages through the whole server.
#include "web/page/help.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <regex>
#include <string>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

/// The address behind the link "Help with this page"; "" if the page has none.
std::string find_help_link(const std::string& body) {
  static const std::regex link("<a href=\"(/help[^\"]*)\">Help");
  std::smatch found;
  return std::regex_search(body, found, link) ? found[1].str() : std::string();
}

}  // namespace

TEST_CASE("help can be read by everybody, in three languages, and names who helps") {
  const App app;
  Browser browser(app.port());
  for (const std::string_view topic : web::help_topics) {
    CAPTURE(topic);
    const std::string address = "/help/" + std::string(topic);
    const Reply english = browser.get(address);
    CHECK(english.status == 200);
    CHECK(has(browser.get("/help").body, "href=\"" + address + "\""));
    CHECK_FALSE(has(english.body, "help." + std::string(topic)));  // a text that is not there shows its key
    const Reply german = browser.get(address + "?lang=de");
    const Reply polish = browser.get(address + "?lang=pl");
    CHECK(has(german.body, "<html lang=\"de\">"));
    CHECK(has(polish.body, "<html lang=\"pl\">"));
    const auto count = [](const std::string& body) {
      const std::regex heading("<h2>");
      return std::distance(std::sregex_iterator(body.begin(), body.end(), heading), std::sregex_iterator());
    };
    CHECK(count(english.body) >= 4);
    CHECK(count(german.body) == count(english.body));
    CHECK(count(polish.body) == count(english.body));
  }
  CHECK(browser.get("/help/nothing").status == 404);
  CHECK(browser.get("/help/login/1").status == 404);
}

TEST_CASE("a page leads to the help that belongs to it") {
  const App app;
  Browser browser(app.port());
  CHECK(find_help_link(browser.follow(browser.get("/login")).body) == "/help/login");
  CHECK(find_help_link(browser.get("/reset").body) == "/help/reset");
  CHECK(find_help_link(browser.get("/").body) == "/help");
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  CHECK(find_help_link(browser.get("/account/data").body) == "/help/data");
  CHECK(find_help_link(browser.get("/account/sessions").body) == "/help/sessions");
  CHECK(find_help_link(browser.get("/account/security").body) == "/help/reset");
  CHECK(find_help_link(browser.get("/account/applications").body) == "/help/applications");
  CHECK(find_help_link(browser.get("/device").body) == "/help/applications");
  CHECK(has(browser.get("/help/data").body, "href=\"/account\""));
}

TEST_CASE("the help gives the times that this installation has") {
  const App app([](app::Config& config) {
    config.settings.session.absolute = std::chrono::hours(1);
    config.settings.session.idle = std::chrono::minutes(22);
  });
  Browser browser(app.port());
  CHECK(has(browser.get("/help/sessions").body, "After 1 hour at the latest, and after 22 minutes in which"));
  CHECK(has(browser.get("/help/sessions?lang=pl").body, "Najpóźniej po 1 godzinie oraz po 22 minutach"));
}
