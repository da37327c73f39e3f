// What the doors share: known devices and login attempts count in the same way at each of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "door/app_fixture.hpp"
#include "door/oidc/code_flow.hpp"
#include "places.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

constexpr const char* right = "River-Copper-2026";

/// Failures of strangers delay strangers for longer than any test runs.
void delay_long(app::Config& config) {
  door::set(config, "lockout.first_delay", "1h");
  door::set(config, "lockout.longest_delay", "2h");
}

Reply try_login(Browser& browser, const std::string& start, const std::string& password) {
  const auto form = browser.follow(browser.get(start)).form("/login/password");
  REQUIRE_FALSE(form.action.empty());
  return browser.submit(form, {{"login", "jan.nowak"}, {"password", password}});
}

Reply change_password(Browser& program, const std::string& old_password, const std::string& new_password) {
  return program.request(
      "POST", "/api/v1/account/password", {{"Content-Type", "application/json"}},
      R"({"login":"jan.nowak","old_password":")" + old_password + R"(","new_password":")" + new_password + "\"}");
}

/// Jan has logged in from here before; now nobody is logged in.
void make_known(Browser& browser) {
  door::log_in_jan(browser);
  browser.cookies.erase("chancery_session");
}

void fail_as_stranger(const App& app) {
  for (int i = 0; i < 6; ++i) {
    Browser stranger(app.port());
    CHECK(try_login(stranger, "/login", "Wrong-Password-1").status == 403);
  }
}

}  // namespace

TEST_CASE("strangers who fail hold up strangers, but not the person at a device that the account knows") {
  const App app(delay_long);
  Browser own(app.port());
  make_known(own);
  fail_as_stranger(app);
  Browser stranger(app.port());
  CHECK(try_login(stranger, "/login", right).status == 403);
  CHECK(try_login(own, "/login", right).status == 303);
}

TEST_CASE("a login that an application asks for knows the device as well") {
  const App app(delay_long);
  Browser own(app.port());
  make_known(own);
  fail_as_stranger(app);
  Browser stranger(app.port());
  CHECK(try_login(stranger, door::authorize_path(), right).status == 403);
  CHECK(try_login(own, door::authorize_path(), right).status == 303);
}

TEST_CASE("a password that is changed through the interface for programs knows the device as well") {
  const App app(delay_long);
  Browser own(app.port());
  make_known(own);
  fail_as_stranger(app);
  Browser stranger(app.port());
  CHECK(change_password(stranger, right, "Granite-Sparrow-7").status == 401);
  CHECK(change_password(own, right, "Granite-Sparrow-7").status == 204);
}

TEST_CASE("no door puts together by itself what a request says about its sender") {
  namespace fs = std::filesystem;
  for (const char* room : {"web", "oidc", "api"}) {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(testing::source_folder) / "src" / room)) {
      if (!entry.is_regular_file() || !entry.path().extension().string().ends_with("pp")) continue;
      std::ifstream file(entry.path());
      const std::string source((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      for (const char* made : {"RequestFacts{", "RequestFacts facts{", "client_ip", "\"User-Agent\"", "Set-Cookie"}) {
        CHECK_MESSAGE(!has(source, made), entry.path().string(), ": ", made);
      }
    }
  }
}

TEST_CASE("a browser keeps four logins in progress, whichever door began them: the oldest is forgotten") {
  const App app;
  Browser browser(app.port());
  const Reply first = browser.follow(browser.get("/login"));
  // The oldest attempt is found by its time in milliseconds, so that the others must begin in a later millisecond.
  for (const base::Time begun = base::now(); base::now() == begun;) std::this_thread::yield();
  for (int i = 0; i < 2; ++i) browser.get("/login");
  for (int i = 0; i < 2; ++i) browser.get(door::authorize_path());
  const auto count = std::count_if(browser.cookies.begin(), browser.cookies.end(), [](const auto& cookie) {
    return cookie.first.starts_with("chancery_attempt_") && !cookie.second.empty();
  });
  CHECK(count == 4);
  CHECK(browser.submit(first.form("/login/password"), {{"login", "jan.nowak"}, {"password", right}}).status == 400);
}
