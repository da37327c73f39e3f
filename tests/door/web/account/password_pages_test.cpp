// Policy, change, forced change and reset of a password through the whole server.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/set_password.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/outbox/message_item.hpp"
#include "store/message/outbox.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;
using Typed = std::vector<std::pair<std::string, std::string>>;

constexpr const char* right = "River-Copper-2026";
constexpr const char* other = "Granite-Sparrow-7";

bool may_log_in(const App& app, const std::string& password, const std::string& login = "jan.nowak") {
  Browser browser(app.port());
  const Reply reply = App::log_in(browser, login, password);
  return reply.status == 200 && browser.cookies.contains("chancery_session");
}

Typed change(const std::string& old_password, const std::string& new_password) {
  return {{"old_password", old_password}, {"new_password", new_password}, {"new_password_repeat", new_password}};
}

/// The newest message of that name, once the worker has written it.
flow::MessageItem wait_for_message(const App& app, const std::string& name, std::size_t nth = 1) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  while (std::chrono::steady_clock::now() < until) {
    const auto items = app.house().store.read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
    std::vector<flow::MessageItem> found;
    for (const auto& item : items) {
      if (item.kind != "mail" && item.kind != "sms") continue;
      const auto message = flow::parse_payload(item.payload);
      if (message && message->message == name) found.push_back(*message);
    }
    if (found.size() >= nth) return found.front();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  FAIL("no message ", name);
  return {};
}

std::string path_of(const std::string& link) {
  return link.substr(link.find('/', link.find("://") + 3));
}

/// The paragraph of a message that is the password.
std::string password_in(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (word.size() >= 19 && word[4] == '-' && word[9] == '-' && word[14] == '-') return word.substr(0, 19);
    at = end + 1;
  }
  FAIL("no password in ", text);
  return {};
}

Reply ask_for_reset(Browser& browser, const std::string& login) {
  const Reply page = browser.get("/reset");
  return browser.follow(browser.submit(page.form("/reset"), {{"login", login}}));
}

}  // namespace

TEST_CASE("the policy in force can be read by everyone, in words") {
  const App app;
  Browser browser(app.port());
  const Reply page = browser.get("/policy");
  CHECK(page.status == 200);
  CHECK(has(page.body, "At least 8 characters."));
  CHECK(has(page.body, "At least 3 of these four kinds"));
  CHECK(has(page.body, "None that was used for this account before."));
  CHECK(has(browser.get("/policy?lang=de").body, "Mindestens 8 Zeichen."));
  CHECK(has(browser.get("/policy?lang=pl").body, "Co najmniej 8 znaków."));
}

TEST_CASE("a person changes the password: old once, new twice, really, changed, and other sessions end") {
  const App app;
  Browser elsewhere(app.port());
  App::log_in(elsewhere, "jan.nowak", right);
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", right);
  const Reply page = browser.get("/account/security");
  CHECK(page.status == 200);
  CHECK(has(page.body, "href=\"/policy\""));
  const Reply question = browser.submit(page.form("/account/security"), change(right, other));
  CHECK(question.status == 200);
  CHECK(has(question.body, "Really change the password?"));
  CHECK_FALSE(has(question.body, other));
  CHECK(may_log_in(app, right));
  const std::string before = browser.cookies["chancery_session"];
  const Reply done = browser.follow(browser.submit(question.form("/account/security/confirm"), {}));
  CHECK(done.status == 200);
  CHECK(has(done.body, "Your password was changed"));
  CHECK(browser.cookies["chancery_session"] != before);
  CHECK(elsewhere.get("/account").status == 303);
  CHECK_FALSE(may_log_in(app, right));
  CHECK(may_log_in(app, other));
}

TEST_CASE("all flaws of a new password stand on one page, and what was typed does not") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", right);
  const PageForm form = browser.get("/account/security").form("/account/security");
  const Reply refused =
      browser.submit(form, {{"old_password", right}, {"new_password", "Xq1"}, {"new_password_repeat", "Xq2"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "Too short: at least 8 characters are needed, there are 3 so far."));
  CHECK(has(refused.body, "are not the same"));
  CHECK_FALSE(has(refused.body, "Xq1"));
  const Reply wrong = browser.submit(form, change("Wrong-Password-1", other));
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "The old password is not right"));
  CHECK(app.events("password_set").empty());
}

TEST_CASE(
    "after a refusal the server has ticked the rules that the password follows, and lists nothing that is no rule") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", right);
  const Reply page = browser.get("/account/security");
  CHECK_FALSE(has(page.body, "data-state="));
  for (const char* no_rule : {"does not expire", "At most", "second factor", "expires after", "remind you"}) {
    CHECK_MESSAGE(!has(page.body, no_rule), no_rule);
  }
  const Reply refused = browser.submit(page.form("/account/security"), change(right, "Jan.Nowak"));
  CHECK(refused.status == 422);
  CHECK(has(refused.body, R"(data-flaws="contains_login" data-state="unmet">)"));
  CHECK(has(refused.body, "(not met yet)"));
  CHECK(has(refused.body, R"(data-flaws="used_before" data-state="met">)"));
}

TEST_CASE("while a new password is typed its flaws are told, to the person alone") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", right);
  const Reply page = browser.get("/account/security");
  const std::string marker = "data-check=\"";
  const std::size_t at = page.body.find(marker) + marker.size();
  const std::string csrf = page.body.substr(at, page.body.find('"', at) - at);
  const Reply flaws = browser.post("/policy/check", {{"csrf", csrf}, {"new_password", "short"}});
  CHECK(flaws.status == 200);
  CHECK(has(flaws.body, "Too short"));
  CHECK(browser.post("/policy/check", {{"csrf", csrf}, {"new_password", other}}).body ==
        R"({"flaws":[],"kinds":[],"unjudged":["used_before"],"score":4,"strength":"Strength: very good"})");
  CHECK(browser.post("/policy/check", {{"csrf", "x"}, {"new_password", "short"}}).status == 403);
  Browser nobody(app.port());
  CHECK(nobody.post("/policy/check", {{"csrf", csrf}, {"new_password", "short"}}).status == 403);
}

TEST_CASE("an initial password leads to its change, nothing else opens, and then on to where the person wanted to go") {
  const App app;
  REQUIRE(flow::set_password(app.house(), flow::make_operator("test"), "jan.nowak",
                             {base::Secret("Initial-Amber-77"), true}, {"", "", "test", base::now()}));
  Browser browser(app.port());
  const Reply held = App::log_in(browser, "jan.nowak", "Initial-Amber-77", "", "/account/applications");
  CHECK(held.status == 200);
  CHECK(has(held.body, "set by an administrator"));
  CHECK(has(held.body, "At least 8 characters."));
  for (const char* path :
       {"/account", "/account/applications", "/account/security", "/account/security/changed", "/account/data",
        "/account/sessions", "/account/activity", "/admin/audit", "/login/context"}) {
    const Reply reply = browser.get(path);
    CHECK_MESSAGE((reply.status == 404 || reply.location().starts_with("/login/change")), path);
  }
  const Reply authorize = browser.get(
      "/oauth2/authorize?client_id=demo-portal&redirect_uri=http%3A%2F%2Flocalhost%3A8090%2Fcallback&response_type=code"
      "&scope=openid&state=1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
  CHECK_FALSE(has(authorize.location(), "code="));
  // Only two fields, both marked as mandatory (S0.3), with the reason for the second one. The old password is not asked
  // for, because the login has just proven it.
  CHECK_FALSE(has(held.body, "name=\"old_password\""));
  for (const char* label : {"New password <span class=\"mandatory\">(mandatory)</span></label>",
                            "Repeat the new password <span class=\"mandatory\">(mandatory)</span></label>",
                            "autocomplete=\"username\" readonly hidden>",
                            "Enter it twice, so that a typing error does not lock you out."}) {
    CHECK_MESSAGE(has(held.body, label), label);
  }
  // The way to the policy and back stays in the login in progress.
  const std::size_t at = held.body.find("/policy?attempt=");
  REQUIRE(at != std::string::npos);
  CHECK(has(browser.get(held.body.substr(at, held.body.find('"', at) - at)).body, "href=\"/login?attempt="));
  const PageForm form = held.form("/login/change");
  const Typed same{{"new_password", "Initial-Amber-77"}, {"new_password_repeat", "Initial-Amber-77"}};
  CHECK(browser.submit(form, same).status == 422);
  const Typed wished{{"new_password", other}, {"new_password_repeat", other}};
  CHECK(browser.submit(form, wished).location() == "/account/applications");
  (void)wait_for_message(app, "password_changed");
  const Reply inside = browser.get("/account/applications");
  CHECK(inside.status == 200);
  CHECK(has(inside.body, "http://localhost:8091/login"));
  CHECK(may_log_in(app, other));
}

TEST_CASE("a login that is no longer fresh proves the old password once more before the change that it must make") {
  const App app([](app::Config& config) { config.settings.proof.lasts = base::Duration(0); });
  REQUIRE(flow::set_password(app.house(), flow::make_operator("test"), "jan.nowak",
                             {base::Secret("Initial-Amber-77"), true}, {"", "", "test", base::now()}));
  Browser browser(app.port());
  const Reply held = App::log_in(browser, "jan.nowak", "Initial-Amber-77", "", "/account/applications");
  CHECK(has(held.body, "name=\"old_password\""));
  const PageForm form = held.form("/login/change");
  const Typed without{{"new_password", other}, {"new_password_repeat", other}};
  CHECK(browser.submit(form, without).status == 422);
  CHECK(browser.submit(form, change("Wrong-Password-1", other)).status == 422);
  CHECK_FALSE(may_log_in(app, other));
  browser.follow(browser.submit(form, change("Initial-Amber-77", other)));
  CHECK(may_log_in(app, other));
}

TEST_CASE(
    "who forgot the password gets a link, confirms it in any browser, and chooses an own one before the context") {
  const App app([](app::Config& config) { door::set(config, "reset.form", "temporary"); });
  Browser browser(app.port());
  const Reply explained = browser.get("/reset");
  CHECK(has(explained.body, "temporary password"));
  const Reply sent = ask_for_reset(browser, "anna.kowalska");
  CHECK(has(sent.body, "Check your messages"));
  CHECK(has(sent.body, "spam"));
  const std::string link = path_of(wait_for_message(app, "reset_link").link);
  CHECK(link.starts_with("/reset/confirm?token="));

  Browser phone(app.port());
  for (int i = 0; i < 3; ++i) CHECK(phone.get(link).status == 200);
  CHECK(may_log_in(app, "Meadow-Violet-2026", "anna.kowalska"));
  const PageForm confirmation = phone.get(link).form("/reset/confirm");
  const Reply done = phone.follow(phone.submit(confirmation, {}));
  CHECK(has(done.body, "A temporary password was sent"));
  CHECK_FALSE(may_log_in(app, "Meadow-Violet-2026", "anna.kowalska"));
  CHECK(phone.submit(confirmation, {}).status == 410);
  const Reply over = phone.get(link);
  CHECK(over.status == 410);
  CHECK(has(over.body, "href=\"/reset\""));

  const std::string temporary = password_in(wait_for_message(app, "temporary_password").text);
  const Reply held = App::log_in(browser, "anna.kowalska", temporary, "", "/account/applications");
  CHECK(has(held.body, "was reset"));
  const Reply choice = browser.follow(browser.submit(held.form("/login/change"), change(temporary, other)));
  CHECK(has(choice.body, "Your new password was set."));
  const PageForm contexts = choice.form("/login/context");
  REQUIRE_FALSE(contexts.action.empty());
  const Reply inside = browser.follow(browser.submit(contexts, {{"context", "user"}}));
  CHECK(has(inside.body, "http://localhost:8091/login"));
}

namespace {

constexpr const char* at_the_portal =
    "/oauth2/authorize?client_id=demo-portal&response_type=code&scope=openid&state=s&nonce=n&"
    "redirect_uri=http%3A%2F%2Flocalhost%3A8090%2Fcallback&code_challenge_method=S256&"
    "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Asks for a reset on the way to the portal; gives the path of the link.
std::string ask_at_the_portal(const App& app, Browser& browser) {
  const Reply login = browser.follow(browser.get(at_the_portal));
  const std::string attempt = login.form("/login/password").field("attempt");
  const Reply page = browser.get("/reset?attempt=" + attempt);
  browser.submit(page.form("/reset"), {{"login", "anna.kowalska"}});
  return path_of(wait_for_message(app, "reset_link").link);
}

Typed twice(const std::string& password) {
  return {{"new_password", password}, {"new_password_repeat", password}};
}

/// The login at an application with an initial password, and the change that it must make: the answer to the form.
Reply change_on_the_way(Browser& browser, const std::string& login) {
  const Reply form = browser.follow(browser.get(at_the_portal));
  const Reply held = browser.follow(
      browser.submit(form.form("/login/password"), {{"login", login}, {"password", "Initial-Amber-77"}}));
  return browser.submit(held.form("/login/change"), twice(other));
}

}  // namespace

TEST_CASE(
    "with the direct form the page behind the link asks for the new password, and the login goes on to the portal") {
  const App app;
  Browser browser(app.port());
  CHECK_FALSE(has(browser.get("/reset").body, "temporary password"));
  const std::string link = ask_at_the_portal(app, browser);
  const Reply page = browser.get(link);
  CHECK(page.status == 200);
  CHECK(has(page.body, "name=\"new_password\""));
  CHECK(may_log_in(app, "Meadow-Violet-2026", "anna.kowalska"));

  const PageForm form = page.form("/reset/confirm");
  const Reply refused =
      browser.submit(form, {{"new_password", "anna.kowalska"}, {"new_password_repeat", "somebody else"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "contains the login name"));
  CHECK(has(refused.body, "not the same"));
  CHECK_FALSE(has(refused.body, "somebody else"));
  CHECK(may_log_in(app, "Meadow-Violet-2026", "anna.kowalska"));

  const Reply done = browser.follow(browser.submit(refused.form("/reset/confirm"), twice(other)));
  CHECK(has(done.body, "Your password was changed"));
  CHECK(has(done.body, "href=\"/login?attempt="));
  CHECK_FALSE(has(done.body, "http://localhost:8090/"));
  CHECK_FALSE(may_log_in(app, "Meadow-Violet-2026", "anna.kowalska"));
  CHECK(browser.get(link).status == 410);
  CHECK(browser.submit(form, twice("Another-Sparrow-9")).status == 410);
  const auto at = done.body.find("/login?attempt=");
  const Reply login = browser.get(done.body.substr(at, done.body.find('"', at) - at));
  const Reply choice =
      browser.follow(browser.submit(login.form("/login/password"), {{"login", "anna.kowalska"}, {"password", other}}));
  const Reply back = browser.follow(browser.submit(choice.form("/login/context"), {{"context", "user"}}));
  CHECK(back.location().starts_with("http://localhost:8090/callback?code="));
}

TEST_CASE(
    "a reset that ends in another browser leads to the application's own start, never into the login in progress") {
  const App app;
  Browser browser(app.port());
  const std::string link = ask_at_the_portal(app, browser);
  Browser phone(app.port());
  const Reply done = phone.follow(phone.submit(phone.get(link).form("/reset/confirm"), twice(other)));
  CHECK(has(done.body, "href=\"http://localhost:8090/login\""));
  CHECK_FALSE(has(done.body, "/login?attempt="));
  for (const char* client : {"nobody-knows-me", "demo-machine", ""}) {
    const Reply elsewhere = phone.get(std::string("/reset/done?attempt=x&client=") + client);
    CHECK_MESSAGE(has(elsewhere.body, "href=\"/login\""), client);
  }
}

TEST_CASE("behind a reset link the flaws of a password are told while it is typed, to the holder of the link alone") {
  const App app;
  Browser browser(app.port());
  const std::string link = ask_at_the_portal(app, browser);
  const std::string token = browser.get(link).form("/reset/confirm").field("token");
  const Reply flaws = browser.post("/reset/confirm/check", {{"token", token}, {"new_password", "anna.kowalska"}});
  CHECK(flaws.status == 200);
  CHECK(has(flaws.body, "contains the login name"));
  CHECK(has(browser.post("/reset/confirm/check", {{"token", token}, {"new_password", other}}).body, "\"flaws\":[]"));
  const Reply foreign =
      browser.post("/reset/confirm/check", {{"token", std::string(32, '0')}, {"new_password", "anna.kowalska"}});
  CHECK(foreign.status == 403);
  CHECK_FALSE(has(foreign.body, "login name"));
  CHECK(browser.get(link).status == 200);
}

TEST_CASE("a button that was shown before reset.form became direct leads to the form, and sets nothing") {
  const App app;
  Browser browser(app.port());
  const std::string link = ask_at_the_portal(app, browser);
  const Reply form =
      browser.post("/reset/confirm", {{"token", browser.get(link).form("/reset/confirm").field("token")}});
  CHECK(form.status == 200);
  CHECK(has(form.body, "name=\"new_password\""));
  CHECK(app.events("password_set").empty());
}

TEST_CASE("after a change that had to be made a login goes on to its application, and a message tells of the change") {
  const App app;
  REQUIRE(flow::set_password(app.house(), flow::make_operator("test"), "jan.nowak",
                             {base::Secret("Initial-Amber-77"), true}, {"", "", "test", base::now()}));
  Browser browser(app.port());
  const Reply done = change_on_the_way(browser, "jan.nowak");
  CHECK(browser.get(done.location()).location().starts_with("http://localhost:8090/callback?code="));
  (void)wait_for_message(app, "password_changed");
}

TEST_CASE("who gets no message is told by a page that the password was changed, and then goes on to the application") {
  const App app;
  flow::NewAccount ward;
  ward.login = "ward.three";
  ward.given_name = "Ward";
  ward.family_name = "Three";
  ward.contexts = {"user"};
  ward.password = base::Secret("Initial-Amber-77");
  app.add_account(ward);
  Browser browser(app.port());
  const Reply done = change_on_the_way(browser, "ward.three");
  CHECK(done.location().starts_with("/login/changed?attempt="));
  const Reply told = browser.follow(done);
  CHECK(has(told.body, "Your new password was set."));
  CHECK(has(browser.get(done.location() + "&lang=pl").body, "Hasło zostało zmienione"));
  const std::size_t at = told.body.find("href=\"/oauth2/");
  REQUIRE(at != std::string::npos);
  std::string next = told.body.substr(at + 6, told.body.find('"', at + 6) - at - 6);
  for (std::size_t amp = 0; (amp = next.find("&amp;", amp)) != std::string::npos;) next.replace(amp, 5, "&");
  CHECK(browser.get(next).location().starts_with("http://localhost:8090/callback?code="));
  // Without a login in progress the address says nothing.
  CHECK(browser.get("/login/changed").location() == "/account");
}

TEST_CASE("asking for a reset is answered the same for known and unknown logins, octet for octet") {
  const App app;
  std::string answers[2];
  const std::string logins[2] = {"anna.kowalska", "nobody.here"};
  for (int i = 0; i < 2; ++i) {
    Browser browser(app.port());
    const Reply page = browser.get("/reset");
    const PageForm form = page.form("/reset");
    Reply reply = browser.submit(form, {{"login", logins[i]}});
    CHECK(reply.status == 303);
    Reply shown = browser.follow(reply);
    for (const auto& [name, value] : form.fields) {
      if (name != "attempt") continue;
      for (auto at = shown.body.find(value); at != std::string::npos; at = shown.body.find(value)) {
        shown.body.replace(at, value.size(), "ID");
      }
    }
    answers[i] = std::to_string(shown.status) + shown.body;
  }
  CHECK(answers[0] == answers[1]);
}

TEST_CASE("without its token no form of passwords does anything") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", right);
  const Typed fields = change(right, other);
  for (const char* path :
       {"/account/security", "/account/security/confirm", "/login/change", "/reset", "/reset/confirm"}) {
    Typed with_token = fields;
    with_token.emplace_back("csrf", "AAAA");
    with_token.emplace_back("token", std::string(32, '0'));
    with_token.emplace_back("login", "jan.nowak");
    CHECK_MESSAGE(!has(browser.follow(browser.post(path, with_token)).body, "Your password was changed"), path);
    CHECK(
        browser.post(path, with_token, {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "http://evil.example"}}).status >=
        400);
  }
  CHECK(app.events("password_set").empty());
  CHECK(app.events("password_reset").empty());
  CHECK(may_log_in(app, right));
}
