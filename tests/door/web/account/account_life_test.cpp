// Suspending, deleting, sessions and devices, and the administrator's accounts, used by honest and by malicious
// browsers.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/house/make_operator.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::log_in_anna;
using door::log_in_jan;
using door::PageForm;
using door::Reply;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Browsers in which a person is logged in already.
struct Jan : Browser {
  explicit Jan(const App& app) : Browser(app.port()) { log_in_jan(*this); }
};
struct Anna : Browser {
  explicit Anna(const App& app) : Browser(app.port()) { log_in_anna(*this); }
};

bool is_logged_in(Browser& browser) {
  return browser.get("/account").status == 200;
}

base::Id id_of(const App& app, const std::string& login) {
  const auto found = flow::find_named_account(app.house(), flow::make_operator("test"), login, base::now());
  REQUIRE(found);
  return found->id;
}

/// The list that the administrator gets for this search text.
Reply search(Browser& administrator, const std::string& text) {
  return administrator.follow(
      administrator.submit(administrator.get("/admin/accounts").form("/admin/accounts"), {{"text", text}}));
}

/// The path of the administrator's page about the account of this login.
std::string path_of(Browser& administrator, const std::string& login) {
  const Reply list = search(administrator, login);
  const auto at = list.body.find("href=\"/admin/accounts/", list.body.find("<tbody"));
  REQUIRE(at != std::string::npos);
  return list.body.substr(at + 6, list.body.find('"', at + 6) - at - 6);
}

}  // namespace

TEST_CASE("a person suspends the account: warning, question, logged out everywhere, no login any more") {
  const App app;
  Jan phone(app);
  Jan browser(app);
  // After a fresh login one page says what follows and whose account it is, and its button is the only step.
  const Reply question = browser.get("/account/suspend");
  CHECK(question.status == 200);
  CHECK(has(question.body, "Only an administrator can lift the suspension."));
  CHECK_FALSE(has(question.body, "name=\"password\""));
  CHECK(has(question.body, "Do you really want to suspend the account of Jan Nowak (jan.nowak)?"));
  CHECK(has(question.body, "class=\"button danger\" type=\"submit\">Suspend my account"));
  const Reply done = browser.submit(question.form("/account/suspend"), {});
  CHECK(done.status == 200);
  CHECK(has(done.body, "<h1>Your account is suspended</h1>"));
  CHECK_FALSE(is_logged_in(browser));
  CHECK_FALSE(is_logged_in(phone));
  log_in_jan(browser);
  CHECK_FALSE(is_logged_in(browser));
  CHECK(app.events("account_suspend").size() == 1);
}

TEST_CASE("the menu leads to suspension and deletion, and both say where to look when no notice comes") {
  const App app;
  Jan jan(app);
  const std::string menu = jan.get("/account/data").body;
  for (const std::string& path : {std::string("/account/suspend"), std::string("/account/delete")}) {
    CHECK(has(menu, "<li><a href=\"" + path + "\">"));
    const Reply page = jan.get(path);
    CHECK(has(page.body, "<li><a href=\"" + path + "\" aria-current=\"page\">"));
    CHECK(has(page.body, "If none comes, look into the spam folder, and check whether your inbox is full."));
  }
  const Reply done = jan.submit(jan.get("/account/suspend").form("/account/suspend"), {});
  CHECK(has(done.body, "If none comes, look into the spam folder, and check whether your inbox is full."));
}

TEST_CASE("who may not leave as the last super administrator is told so, and the way leads back to the overview") {
  const App app;
  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  for (const std::string& one : {std::string("suspend"), std::string("delete")}) {
    const Reply page = admin.get("/account/" + one);
    CHECK(page.status == 409);
    CHECK(has(page.body, "You cannot " + one + " your account now."));
    CHECK(has(page.body, "href=\"/account\">Back to the overview</a>"));
    CHECK_FALSE(has(page.body, "permanently"));
  }
}

TEST_CASE("a person deletes the account, and the name is not on any page of the administrator any more") {
  const App app;
  Anna anna(app);
  const std::string path = path_of(anna, "jan.nowak");
  Jan browser(app);
  const Reply done = browser.submit(browser.get("/account/delete").form("/account/delete"), {});
  CHECK(has(done.body, "<h1>Your account is deleted</h1>"));
  CHECK_FALSE(is_logged_in(browser));
  const Reply left = anna.get(path);
  CHECK(left.status == 200);
  CHECK_FALSE(has(left.body, "Nowak"));
  CHECK_FALSE(has(left.body, "jan.nowak"));
  CHECK(left.form(path).action.empty());
  CHECK_FALSE(has(anna.get("/admin/accounts?state=deleted").body, "Nowak"));
  CHECK_FALSE(has(anna.get("/admin/accounts").body, "jan.nowak"));
}

TEST_CASE(
    "without a fresh proof the page of a suspension or deletion asks for the password, and without it does nothing") {
  const App app([](app::Config& config) { config.settings.proof.lasts = base::Duration(0); });
  Jan browser(app);
  for (const std::string& path : {std::string("/account/suspend"), std::string("/account/delete")}) {
    CAPTURE(path);
    const Reply page = browser.get(path);
    CHECK(has(page.body, "Your password, to confirm"));
    const Reply missing = browser.submit(page.form(path), {});
    CHECK(missing.status == 422);
    CHECK(has(missing.body, "Please enter your password"));
    const Reply wrong = browser.submit(missing.form(path), {{"password", "Wrong-Password-1"}});
    CHECK(wrong.status == 422);
    CHECK(has(wrong.body, "The password was not accepted."));
    CHECK_FALSE(has(wrong.body, "Wrong-Password-1"));
    CHECK(is_logged_in(browser));
  }
  Anna anna(app);
  const std::string path = path_of(anna, "jan.nowak");
  const Reply refused = anna.submit(anna.get(path).form(path + "/suspend"), {});
  CHECK(refused.location().starts_with("/account/confirm?next=%2Fadmin%2Faccounts%2F"));
  CHECK(is_logged_in(browser));
  CHECK(app.events("account_suspend").empty());
  CHECK(app.events("account_delete").empty());
}

TEST_CASE("the password that confirms a suspension is sent with it: the page is the only step") {
  const App app([](app::Config& config) { config.settings.proof.lasts = std::chrono::seconds(2); });
  Jan browser(app);
  Reply page = browser.get("/account/suspend");
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  while (!has(page.body, "name=\"password\"") && std::chrono::steady_clock::now() < end) {
    page = browser.get("/account/suspend");
  }
  const Reply done = browser.submit(page.form("/account/suspend"), {{"password", "River-Copper-2026"}});
  CHECK(has(done.body, "<h1>Your account is suspended</h1>"));
  CHECK_FALSE(is_logged_in(browser));
  CHECK(app.events("account_suspend").size() == 1);
}

TEST_CASE("no form of these pages is taken without its token, or without a login") {
  const App app;
  Jan jan(app);
  Anna anna(app);
  const std::string path = path_of(anna, "jan.nowak");
  const PageForm other = anna.get(path).form(path + "/suspend");  // a token of another form of the same page
  const auto refuses = [&](Browser& browser, const std::string& form, const Fields& fields) {
    for (const std::string& token : {std::string(), std::string("wrong"), other.field("csrf")}) {
      Fields sent = fields;
      if (!token.empty()) sent.emplace_back("csrf", token);
      if (form == other.action && token == other.field("csrf")) continue;
      CHECK_MESSAGE(browser.post(form, sent).status == 403, form);
    }
    Browser stranger(app.port());
    CHECK(stranger.post(form, fields).location().starts_with("/login"));
  };
  const std::size_t before = app.events().size();
  refuses(jan, "/account/suspend", {});
  refuses(jan, "/account/delete", {});
  refuses(jan, "/account/sessions/end", {{"session", "x"}});
  refuses(jan, "/account/sessions/end-others", {});
  refuses(jan, "/account/sessions/forget", {{"device", "x"}});
  refuses(jan, "/account/sessions/name", {{"device", "x"}, {"name", "Mine"}});
  for (const char* action : {"/unlock", "/suspend", "/restore", "/reset"}) refuses(anna, path + action, {});
  refuses(anna, path + "/password",
          {{"new_password", "Quiet-Orchard-2027"}, {"new_password_repeat", "Quiet-Orchard-2027"}});
  CHECK(app.events().size() == before);
  CHECK(is_logged_in(jan));
}

TEST_CASE("a person ends another session and forgets a device, but never those of somebody else") {
  const App app;
  Jan phone(app);
  Jan browser(app);
  CHECK_FALSE(browser.cookies["chancery_device"].empty());
  Anna anna(app);
  Anna second(app);
  const PageForm end = browser.get("/account/sessions").form("/account/sessions/end");
  const PageForm forget = browser.get("/account/sessions").form("/account/sessions/forget");
  const std::string session_of_anna = anna.get("/account/sessions").form("/account/sessions/end").field("session");
  const std::string device_of_anna = anna.get("/account/sessions").form("/account/sessions/forget").field("device");
  REQUIRE(session_of_anna.size() == 36);
  REQUIRE(device_of_anna.size() == 36);
  for (const std::string& id : {session_of_anna, std::string("x"), std::string(), std::string(36, '0')}) {
    CHECK(browser.post(end.action, {{"csrf", end.field("csrf")}, {"session", id}}).status == 404);
  }
  for (const std::string& id : {device_of_anna, std::string("' OR 1=1 --")}) {
    CHECK(browser.post(forget.action, {{"csrf", forget.field("csrf")}, {"device", id}}).status == 404);
  }
  CHECK(is_logged_in(anna));
  CHECK(is_logged_in(second));
  CHECK(browser.submit(end, {}).location() == "/account/sessions?done=ended");
  CHECK_FALSE(is_logged_in(phone));
  CHECK(is_logged_in(browser));
  CHECK(browser.submit(forget, {}).location() == "/account/sessions?done=forgotten");
  CHECK(browser.submit(browser.get("/account/sessions").form("/account/sessions/forget"), {}).status == 303);
  CHECK(browser.get("/account/sessions").form("/account/sessions/forget").action.empty());
}

TEST_CASE("a person names a device and sees the name in sessions and past logins, as text") {
  const App app;
  Jan jan(app);
  const PageForm form = jan.get("/account/sessions").form("/account/sessions/name");
  const Reply named = jan.submit(form, {{"name", "Ward <3> & \"left\""}});
  REQUIRE(named.status == 303);
  CHECK(has(jan.get(named.location()).body, "now called “Ward &lt;3&gt; &amp; &quot;left&quot;”"));
  CHECK(has(jan.get("/account/sessions").body, "<strong>Ward &lt;3&gt; &amp; &quot;left&quot;</strong>"));
  CHECK(has(jan.get("/account/activity").body, " · Ward &lt;3&gt; &amp; &quot;left&quot;"));
  Anna anna(app);
  CHECK(has(anna.get(path_of(anna, "jan.nowak")).body, "<strong>Ward &lt;3&gt; &amp; &quot;left&quot;</strong>"));
}

TEST_CASE("a name that a device cannot have is said to be so beside its field, and what was typed stays") {
  const App app;
  Jan jan(app);
  const PageForm form = jan.get("/account/sessions").form("/account/sessions/name");
  const std::string too_long(41, 'x');
  const Reply refused = jan.submit(form, {{"name", too_long}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "Please enter at most 40 characters"));
  CHECK(has(refused.body, "value=\"" + too_long + "\""));
  CHECK_FALSE(has(jan.get("/account/sessions").body, too_long));
}

TEST_CASE("nobody names the device of somebody else, and an administrator has no form for it") {
  const App app;
  Jan jan(app);
  Anna anna(app);
  const PageForm of_anna = anna.get("/account/sessions").form("/account/sessions/name");
  const PageForm of_jan = jan.get("/account/sessions").form("/account/sessions/name");
  const std::size_t before = app.events().size();
  for (const std::string& id : {of_anna.field("device"), std::string("x"), std::string(), std::string(36, '0')}) {
    const Fields sent{{"csrf", of_jan.field("csrf")}, {"device", id}, {"name", "Mine"}};
    CHECK(jan.post(of_jan.action, sent).status == 404);
  }
  CHECK(app.events().size() == before);
  CHECK_FALSE(has(anna.get("/account/sessions").body, "Mine"));
  CHECK(anna.get(path_of(anna, "jan.nowak")).form("/account/sessions/name").action.empty());
}

TEST_CASE("the list of sessions refuses a page or an order that does not exist") {
  const App app;
  Jan jan(app);
  CHECK(jan.get("/account/sessions?order=unused").status == 200);
  for (const char* bad : {"?order=secret", "?next=x", "?page=2", "?next=", "?next=x&previous=y"}) {
    CAPTURE(bad);
    CHECK(jan.get("/account/sessions" + std::string(bad)).status == (std::string(bad) == "?next=" ? 200 : 400));
  }
}

TEST_CASE("the accounts are for administrators alone, and what they search for is shown as text") {
  const App app;
  Jan jan(app);
  Anna anna(app);
  const std::string path = path_of(anna, "jan.nowak");
  CHECK(jan.get("/admin/accounts").status == 403);
  CHECK(jan.get(path).status == 403);
  CHECK_FALSE(has(jan.get("/account").body, "/admin/accounts"));
  CHECK(has(anna.get("/account").body, "href=\"/admin/accounts\""));
  const Reply odd = search(anna, "\"><script>alert(1)</script>");
  CHECK(odd.status == 200);
  CHECK_FALSE(has(odd.body, "<script>alert"));
  CHECK(has(search(anna, "wiŚNIEW").body, "piotr.wisniewski"));
  CHECK_FALSE(has(search(anna, "%").body, "jan.nowak"));
  CHECK(anna.get("/admin/accounts?state=odd").status == 400);
  CHECK(anna.get("/admin/accounts?next=odd").status == 400);
  for (const char* wrong : {"odd", "jan.nowak", "00000000-0000-7000-8000-000000000000"}) {
    CHECK(anna.get("/admin/accounts/" + std::string(wrong)).status == 404);
  }
}

TEST_CASE("the administrator finds Małgorzata without her accents, by a word, her number or her telephone") {
  const App app;
  flow::NewAccount wished;
  wished.login = "mwb";
  wished.given_name = "Małgorzata";
  wished.family_name = "Brzęczyszczykiewicz";
  wished.phone = "+48600100200";
  wished.identifiers = {{"pesel", "44051401359"}};
  app.add_account(wished);
  Anna anna(app);
  for (const char* typed : {"malgorzata", "brzeczy malg", "440514", "600 100 200"}) {
    const Reply found = search(anna, typed);
    CHECK_MESSAGE(has(found.body, "mwb"), typed);
    CHECK_FALSE(has(found.body, "jan.nowak"));
    CHECK(has(found.body, "1 entry"));
  }
  const Reply none = search(anna, "algorzata");
  CHECK_FALSE(has(none.body, "mwb"));
  CHECK(has(none.body, "No account matches the search."));
  CHECK(anna.get("/admin/accounts?order=odd").status == 400);
  CHECK(anna.get("/admin/accounts?order=newest&page=last").status == 200);
  CHECK(anna.get("/admin/accounts?page=2").status == 400);
}

TEST_CASE("what an administrator searches for stands in no address, and the next page keeps it") {
  const App app;
  std::map<base::Id, std::string> by_id;
  for (int i = 0; i < 30; ++i) {
    flow::NewAccount wished;
    wished.login = "ward." + std::to_string(100 + i);
    wished.given_name = "Brzeczy";
    wished.family_name = std::to_string(i);
    app.add_account(wished);
    by_id[id_of(app, wished.login)] = wished.login;
  }
  // The list is in the order of the ids, which is random within a millisecond.
  const std::string listed_first = by_id.begin()->second;
  const std::string listed_last = by_id.rbegin()->second;
  Anna anna(app);
  // A search text in the address is ignored: the list shows all accounts.
  CHECK(has(anna.get("/admin/accounts?text=zuzanna").body, "ward."));
  const Reply first = search(anna, "brzeczy");
  CHECK(first.status == 200);
  CHECK(first.location().empty());
  CHECK_FALSE(has(first.body, "jan.nowak"));
  CHECK_FALSE(has(first.body, "?text="));
  CHECK(has(first.body, listed_first));
  CHECK_FALSE(has(first.body, listed_last));
  const std::string pages = first.body.substr(first.body.find("<nav class=\"pages\""));
  const std::string link = "href=\"/admin/accounts?kept=";
  REQUIRE(has(pages, link));
  const std::size_t at = pages.find(link) + 6;
  const std::string next = pages.substr(at, pages.find('"', at) - at);
  CHECK_FALSE(has(next, "brzeczy"));
  const Reply second = anna.get(next);
  CHECK(has(second.body, listed_last));
  CHECK_FALSE(has(second.body, listed_first));
  CHECK_FALSE(has(second.body, "jan.nowak"));
  // Only a page of ours searches.
  CHECK(anna.post("/admin/accounts", {{"text", "ward"}}).status == 403);
  Jan jan(app);
  CHECK(jan.post("/admin/accounts", {{"text", "ward"}}).status == 403);
}

TEST_CASE("the heads of the table order the list of accounts, keep its filter, and say how it is ordered") {
  const App app;
  Anna anna(app);
  const std::string by_name = anna.get("/admin/accounts?state=active").body;
  CHECK(has(by_name, "aria-sort=\"ascending\"><a class=\"sort\" href=\"/admin/accounts?state=active\">"));
  CHECK(has(by_name, "<a class=\"sort\" href=\"/admin/accounts?state=active&amp;order=newest\">Created"));
  CHECK_FALSE(has(by_name, "aria-sort=\"descending\""));
  const std::string by_age = anna.get("/admin/accounts?order=newest").body;
  CHECK(has(by_age, "aria-sort=\"descending\"><a class=\"sort\" href=\"/admin/accounts?order=newest\">"));
  CHECK_FALSE(has(by_age, "aria-sort=\"ascending\""));
  // What a search finds has an order of its own.
  CHECK_FALSE(has(search(anna, "nowak").body, "class=\"sort\""));
}

TEST_CASE("names with script in them are shown as text on the administrator's pages") {
  const App app;
  flow::NewAccount wished;
  wished.login = "mallory";
  wished.given_name = "<script>alert(1)</script>";
  wished.family_name = "\"><img src=x>";
  wished.password = base::Secret("Quiet-Orchard-2027");
  app.add_account(wished);
  Anna anna(app);
  for (const std::string& page : {std::string("/admin/accounts"), path_of(anna, "mallory")}) {
    const Reply reply = anna.get(page);
    CHECK_FALSE(has(reply.body, "<script>alert"));
    CHECK_FALSE(has(reply.body, "<img src=x"));
    CHECK(has(reply.body, "&lt;script&gt;alert(1)"));
  }
}

TEST_CASE("an administrator suspends and restores an account, and sets an initial password twice") {
  const App app;
  Jan jan(app);
  Anna anna(app);
  const std::string path = path_of(anna, "jan.nowak");
  CHECK(anna.submit(anna.get(path).form(path + "/suspend"), {{"reason", "asked"}}).location() ==
        path + "?done=suspend");
  CHECK_FALSE(is_logged_in(jan));
  CHECK(has(anna.get("/admin/accounts?state=suspended").body, "jan.nowak"));
  CHECK(anna.submit(anna.get(path).form(path + "/restore"), {{"reason", "asked"}}).location() ==
        path + "?done=restore");
  log_in_jan(jan);
  CHECK(is_logged_in(jan));

  CHECK(anna.submit(anna.get(path).form(path + "/reset"), {{"reason", "asked"}}).location() == path + "?done=reset");
  CHECK_FALSE(app.events("password_reset").empty());
  const std::string sent = anna.get(path + "?done=reset").body;
  CHECK_MESSAGE(has(sent, "is on its way to Jan Nowak by e-mail to j"), sent);

  const PageForm form = anna.get(path).form(path + "/password");
  const Reply differs = anna.submit(
      form,
      {{"new_password", "Quiet-Orchard-2027"}, {"new_password_repeat", "Quiet-Orchard-2028"}, {"reason", "lost"}});
  CHECK(differs.status == 400);
  CHECK_FALSE(has(differs.body, "Quiet-Orchard"));
  const auto try_initial = [&](const std::string& typed) {
    return anna.submit(form, {{"new_password", typed}, {"new_password_repeat", typed}, {"reason", "lost"}});
  };
  const Reply unfit = try_initial("x");
  CHECK(unfit.status == 400);
  CHECK(has(unfit.body, "<li>Too short"));
  // What the person has used is nobody else's business.
  const Reply used = try_initial("River-Copper-2026");
  CHECK(used.status == 400);
  CHECK(has(used.body, "does not follow the password policy"));
  CHECK_FALSE(has(used.body, "<li>The password"));
  CHECK(is_logged_in(jan));
  const Fields fit{{"new_password", "Quiet-Orchard-2027"}, {"new_password_repeat", "Quiet-Orchard-2027"}};
  const Reply unreasoned = anna.submit(form, fit);
  CHECK(unreasoned.status == 422);
  CHECK(has(unreasoned.body, "Please choose a reason."));
  CHECK(is_logged_in(jan));
  Fields reasoned = fit;
  reasoned.emplace_back("reason", "lost");
  const Reply set = anna.submit(form, reasoned);
  CHECK(set.location() == path + "?done=password");
  CHECK_FALSE(is_logged_in(jan));
}

TEST_CASE("an initial password is confirmed in its own form, on no page on which what was typed would be lost") {
  const App app([](app::Config& config) { config.settings.proof.lasts = std::chrono::seconds(2); });
  Browser anna(app.port());
  log_in_anna(anna);
  const std::string path = path_of(anna, "jan.nowak");
  Reply page = anna.get(path);
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(5);
  while (!has(page.body, "id=\"password\"") && std::chrono::steady_clock::now() < end) page = anna.get(path);
  CHECK(has(page.body, "Your password, to confirm"));

  const PageForm form = page.form(path + "/password");
  Fields typed{
      {"new_password", "Quiet-Orchard-2027"}, {"new_password_repeat", "Quiet-Orchard-2027"}, {"reason", "lost"}};
  const Reply asked = anna.submit(form, typed);
  CHECK(asked.status == 422);
  CHECK(has(asked.body, "Please enter your password"));
  typed.emplace_back("password", "Wrong-Password-1");
  const Reply wrong = anna.submit(form, typed);
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "The password was not accepted."));
  CHECK_FALSE(has(wrong.body, "Quiet-Orchard"));
  CHECK_FALSE(has(wrong.body, "Wrong-Password"));
  typed.back().second = "Meadow-Violet-2026";
  CHECK(anna.submit(form, typed).location() == path + "?done=password");
}

TEST_CASE("an account administrator does not touch a super administrator, nor the own account") {
  const App app;
  Anna anna(app);
  const std::string jan = path_of(anna, "jan.nowak");
  for (const char* login : {"admin", "anna.kowalska"}) {
    const std::string path = path_of(anna, login);
    CHECK(anna.get(path).status == 200);
    CHECK(anna.get(path).form(path).action.empty());
  }
  CHECK_FALSE(anna.get(jan).form(jan + "/suspend").action.empty());
  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  const std::string of_anna = path_of(admin, "anna.kowalska");
  CHECK(admin.submit(admin.get(of_anna).form(of_anna + "/suspend"), {{"reason", "misuse"}}).location() ==
        of_anna + "?done=suspend");
  CHECK_FALSE(is_logged_in(anna));
}

TEST_CASE("a browser whose name is no text, or cut in the middle of a letter, logs in like any other") {
  const App app;
  for (const std::string& name : {std::string("\xff\xfe Browser"), std::string(255, 'x') + "\xc5\x9b"}) {
    Browser browser(app.port());
    const PageForm form = browser.follow(browser.get("/account")).form("/login/password");
    const Fields typed{{"login", "jan.nowak"}, {"password", "River-Copper-2026"}};
    const Reply done = browser.submit(form, typed, {{"User-Agent", name}});
    CHECK(done.status == 303);
    CHECK(browser.get("/account/sessions").status == 200);
  }
}

TEST_CASE("the overview begins with the applications and says what needs attention") {
  const App app;
  Browser jan(app.port());
  log_in_jan(jan);
  const std::string page = jan.get("/account").body;
  const auto applications = page.find("http://localhost:8091/login");
  const auto logins = page.find("id=\"logins\"");
  REQUIRE(applications != std::string::npos);
  REQUIRE(logins != std::string::npos);
  CHECK(applications < logins);

  CHECK_FALSE(has(page, "in one way only"));  // a recipient cannot change it
  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  CHECK(has(admin.get("/account").body, "You can be reached in one way only."));
}
