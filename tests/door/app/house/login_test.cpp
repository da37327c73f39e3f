// The login through the whole server, as a browser does it.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "door/app_fixture.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/house/make_operator.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

/// The page of a failed login without the parts that differ between any two answers: the ids, the token of the form,
/// and the login, which the page repeats.
std::string without_ids(Reply reply, const std::vector<std::string>& differing) {
  std::vector<std::string> ids = differing;
  ids.push_back(reply.header("x-request-id"));
  ids.push_back(door::in_groups(reply.header("x-request-id")));
  for (const std::string& id : ids) {
    if (id.empty()) continue;
    for (auto at = reply.body.find(id); at != std::string::npos; at = reply.body.find(id))
      reply.body.replace(at, id.size(), "ID");
  }
  std::string text = std::to_string(reply.status) + "\n";
  for (const auto& [name, value] : reply.headers) {
    if (name != "date" && name != "x-request-id" && name != "content-length")
      text += name + (name == "set-cookie" ? "" : ": " + value) + "\n";
  }
  return text + reply.body;
}

std::string failed_login(const App& app, const std::string& login, const std::string& password) {
  Browser browser(app.port());
  const auto page = browser.follow(browser.get("/account"));
  const auto form = page.form("/login/password");
  REQUIRE_FALSE(form.action.empty());
  const Reply reply = browser.submit(form, {{"login", login}, {"password", password}});
  return without_ids(reply,
                     {form.field("attempt"), form.field("csrf"), page.form("/login/passkey").field("csrf"), login});
}

}  // namespace

TEST_CASE("the welcome page leads to the login and to a forgotten password") {
  const App app;
  Browser browser(app.port());
  const Reply page = browser.get("/");
  CHECK(page.status == 200);
  CHECK(has(page.body, "href=\"/login\""));
  CHECK(has(page.body, "href=\"/reset\""));
  CHECK(browser.follow(browser.get("/login")).status == 200);
  CHECK(browser.get("/reset").status == 200);
}

TEST_CASE("who opens an account page without a login is led through the choice of the method and back") {
  const App app;
  Browser browser(app.port());
  const Reply choice = browser.follow(browser.get("/account/applications"));
  CHECK(choice.status == 200);
  CHECK(has(choice.body, "action=\"/login/password\""));
  const Reply inside = App::log_in(browser, "jan.nowak", "River-Copper-2026", "", "/account/applications");
  CHECK(inside.status == 200);
  CHECK(has(inside.body, "http://localhost:8091/login"));
  CHECK(app.events("login").size() == 1);
}

TEST_CASE("unknown, wrong, locked and suspended get the same answer, octet for octet") {
  const App app([](app::Config& config) {
    door::set(config, "lockout.form", "classic");
    door::set(config, "lockout.failures", "3");
  });
  REQUIRE(flow::suspend_account(app.house(), flow::make_operator("test"), "piotr.wisniewski",
                                {"", "", "test", base::now()}));
  const std::string unknown = failed_login(app, "nobody.here", "River-Copper-2026");
  CHECK(unknown.starts_with("4"));
  CHECK(failed_login(app, "jan.nowak", "wrong") == unknown);
  CHECK(failed_login(app, "piotr.wisniewski", "Forest-Amber-2026") == unknown);
  for (int i = 0; i < 3; ++i) CHECK(failed_login(app, "anna.kowalska", "wrong") == unknown);
  CHECK(failed_login(app, "anna.kowalska", "Meadow-Violet-2026") == unknown);
  CHECK(failed_login(app, "ANNA.KOWALSKA", "Meadow-Violet-2026") == unknown);
}

TEST_CASE("after a failed login the form is there again: with the login, without the password, and with the contact") {
  const App app([](app::Config& config) { door::set(config, "administrator", "Help desk, telephone 1234"); });
  Browser browser(app.port());
  const Reply page = browser.follow(browser.get("/account"));
  const Reply failed =
      browser.submit(page.form("/login/password"), {{"login", "jan.nowak\"<b>"}, {"password", "Not-This-One-7"}});
  CHECK(failed.status == 403);
  CHECK(has(failed.body, "role=\"alert\""));
  CHECK(has(failed.body, "value=\"jan.nowak&quot;&lt;b&gt;\""));
  CHECK_FALSE(has(failed.body, "Not-This-One-7"));
  CHECK(has(failed.body, "Help desk, telephone 1234"));
  const Reply other_language =
      browser.get("/login/password?lang=de&attempt=" + failed.form("/login/password").field("attempt"));
  CHECK(has(other_language.body, "value=\"jan.nowak&quot;&lt;b&gt;\""));
  const Reply forgotten = browser.get("/reset?attempt=" + failed.form("/login/password").field("attempt"));
  CHECK(has(forgotten.body, "value=\"jan.nowak&quot;&lt;b&gt;\""));
  const Reply inside =
      browser.submit(failed.form("/login/password"), {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}});
  CHECK(inside.location() == "/account");
}

TEST_CASE("a login longer than any account's is not repeated") {
  const App app;
  Browser browser(app.port());
  const Reply page = browser.follow(browser.get("/account"));
  const std::string endless(400, 'a');
  const Reply failed = browser.submit(page.form("/login/password"), {{"login", endless}, {"password", "x"}});
  CHECK(failed.status == 403);
  CHECK_FALSE(has(failed.body, endless));
}

TEST_CASE("rights follow the chosen context") {
  const App app;
  Browser person(app.port());
  const Reply as_user = App::log_in(person, "anna.kowalska", "Meadow-Violet-2026", "user");
  CHECK(as_user.status == 200);
  CHECK_FALSE(has(as_user.body, "href=\"/admin/audit\""));
  CHECK(has(as_user.body, "action=\"/logout\""));
  CHECK(person.get("/admin/audit").status == 403);
  Browser administrator(app.port());
  const Reply as_administrator = App::log_in(administrator, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  CHECK(has(as_administrator.body, "href=\"/admin/audit\""));
  CHECK(administrator.get("/admin/audit").status == 200);
}

TEST_CASE("before the context is chosen no account page opens, and a context that was not offered is refused") {
  const App app;
  Browser browser(app.port());
  const Reply choice = App::log_in(browser, "anna.kowalska", "Meadow-Violet-2026");
  const auto form = choice.form("/login/context");
  REQUIRE_FALSE(form.action.empty());
  CHECK(browser.get("/account").status == 303);
  CHECK(browser.submit(form, {{"context", "super_administrator"}}).status >= 400);
  CHECK(browser.follow(browser.submit(form, {{"context", "user"}})).status == 200);
}

TEST_CASE("the session's cookie changes at login and at the choice of a context, and is gone after logout") {
  const App app;
  Browser browser(app.port());
  browser.cookies["chancery_session"] = "planted-by-somebody-else";
  const Reply choice = App::log_in(browser, "anna.kowalska", "Meadow-Violet-2026");
  const std::string pending = browser.cookies["chancery_session"];
  CHECK(pending != "planted-by-somebody-else");
  const Reply inside = browser.follow(browser.submit(choice.form("/login/context"), {{"context", "user"}}));
  const std::string chosen = browser.cookies["chancery_session"];
  CHECK(chosen != pending);
  Browser thief(app.port());
  thief.cookies["chancery_session"] = pending;
  CHECK(thief.get("/account").status == 303);
  const Reply question = browser.get("/logout");
  const Reply left = browser.follow(browser.submit(question.form("/logout"), {}));
  CHECK(left.status == 200);
  thief.cookies["chancery_session"] = chosen;
  CHECK(thief.get("/account").status == 303);
}

TEST_CASE("a form of another origin or without its token changes nothing") {
  const App app;
  Browser browser(app.port());
  const auto form = browser.follow(browser.get("/account")).form("/login/password");
  const std::vector<std::pair<std::string, std::string>> typed{{"login", "jan.nowak"},
                                                               {"password", "River-Copper-2026"}};
  CHECK(browser.submit(form, typed, {{"Origin", "http://evil.example"}}).status == 403);
  door::PageForm bare = form;
  std::erase_if(bare.fields, [](const auto& field) { return field.first == "csrf"; });
  CHECK(browser.submit(bare, typed).status == 403);
  CHECK(app.events("login").empty());
  Browser other(app.port());  // the attempt belongs to the browser that began it
  CHECK(other.submit(form, typed).status >= 400);
  CHECK(app.events("login").empty());
  CHECK(browser.follow(browser.submit(form, typed)).status == 200);
}
