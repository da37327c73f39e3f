// Acting for another person on the pages (S3.9).
#include <doctest/doctest.h>

#include <set>

#include "browser/csrf.hpp"
#include "door/app_fixture.hpp"
#include "flow/session/find_visitor.hpp"
#include "rights/actor.hpp"
#include "store/account/accounts.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/store.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

std::string id_of(const App& app, std::string_view login) {
  return app.house()
      .store.read([&](store::Tx& tx) { return store::find_account_by_login(tx, login, base::now()); })
      .value()
      .value()
      .id.to_string();
}

void log_in_admin(Browser& browser) {
  App::log_in(browser, "admin", "Lantern-Harbour-2026");
}

Reply begin(Browser& browser, const std::string& id, const std::string& context = "user") {
  const Reply page = browser.get("/admin/accounts/" + id + "/act");
  REQUIRE(page.status == 200);
  return browser.submit(page.form("/admin/accounts/" + id + "/act"), {{"context", context}, {"reason", "asked"}});
}

rights::Actor actor_of(const App& app, const Browser& browser) {
  const auto visitor = flow::find_visitor(app.house(), browser.cookies.at("chancery_session"),
                                          {"127.0.0.1", "test", "test", base::now()}, false);
  REQUIRE(visitor);
  REQUIRE(visitor->actor);
  return *visitor->actor;
}

/// The pattern of a route with ids of what is there.
std::string fill(const App& app, std::string pattern) {
  const auto put = [&](std::string_view name, const std::string& value) {
    const std::size_t at = pattern.find(name);
    if (at != std::string::npos) pattern.replace(at, name.size(), value);
  };
  const bool is_application = pattern.starts_with("/admin/applications/");
  const bool is_own_sub_account = pattern.starts_with("/account/sub-accounts/");
  put("{id}", is_application ? "demo-portal" : id_of(app, is_own_sub_account ? "anna.sales" : "jan.nowak"));
  put("{topic}", "login");
  return pattern;
}

bool is_page(const http::Route& route) {
  for (const char* other : {"/assets/", "/theme/", "/oauth2/", "/.well-known/", "/api/", "/hooks/", "/pki/"}) {
    if (route.pattern.starts_with(other)) return false;
  }
  return route.method == http::Method::get;
}

/// An administrator who acts for Anna in her context of an administrator.
struct ActingForAnna {
  ActingForAnna() {
    flow::NewAccount sub_account;
    sub_account.login = "anna.sales";
    sub_account.given_name = "Sales";
    sub_account.email = "sales@clinic.example";
    sub_account.trusted_addresses = true;
    sub_account.main_account = "anna.kowalska";
    app.add_account(sub_account);
    act();
  }
  /// Once more, if it is over.
  void act() {
    if (has(browser.get("/account").body, "You are acting for")) return;
    if (browser.get("/account").status != 200) log_in_admin(browser);
    REQUIRE(begin(browser, id_of(app, "anna.kowalska"), "administrator").status == 303);
    REQUIRE(has(browser.get("/account").body, "You are acting for"));
  }
  /// Sends the form of a route with its right token and with all fields that such forms have.
  Reply send(const std::string& pattern) {
    const std::string path = fill(app, pattern);
    const rights::Actor actor = actor_of(app, browser);
    const std::string binding = actor.session().id.to_string() + "/" + actor.account().id.to_string();
    return browser.post(path, {{"csrf", browser::make_csrf(app.house(), binding, path)},
                               {"password", "Lantern-Harbour-2026"},
                               {"reason", "asked"},
                               {"session", actor.session().id.to_string()},
                               {"device", actor.session().id.to_string()},
                               {"context", "user"},
                               {"act", "give"},
                               {"channel", "email"},
                               {"name", "Ward"},
                               {"lang", "de"},
                               {"format", pattern == "/account/data/download" ? "json" : "jsonl"},
                               {"kind", "email"},
                               {"code", "123456"},
                               {"action", "retry"},
                               {"id", actor.session().id.to_string()},
                               {"sure", "yes"},
                               {"give", "user"},
                               {"new_password", "Forest-Amber-2026"},
                               {"again", "Forest-Amber-2026"}});
  }
  App app;
  Browser browser{app.port()};
};

}  // namespace

TEST_CASE("while one acts, each page of the table of routes has the banner, also entry pages and error pages") {
  ActingForAnna f;
  std::size_t pages = 0;
  for (const http::Route* route : f.app.server->router().routes()) {
    if (!is_page(*route)) continue;
    const Reply shown = f.browser.get(fill(f.app, route->pattern));
    if (!has(shown.body, "<html")) continue;
    ++pages;
    CHECK_MESSAGE(has(shown.body, "You are acting for Anna Kowalska"), route->pattern);
    CHECK_MESSAGE(has(shown.body, "action=\"/account/return\""), route->pattern);
  }
  CHECK(pages > 35);
  for (const char* strange : {"/nothing", "/admin/nothing", "/account/data/nothing"}) {
    const Reply missing = f.browser.get(strange);
    CHECK(missing.status == 404);
    CHECK_MESSAGE(has(missing.body, "You are acting for Anna Kowalska"), strange);
  }
  CHECK(has(f.browser.request("DELETE", "/account", {}, "").body, "You are acting for another person."));
  f.browser.submit(f.browser.get("/account").form("/account/return"), {});
  CHECK(f.browser.get("/account").status == 200);
  CHECK_FALSE(has(f.browser.get("/nothing").body, "You are acting"));
}

TEST_CASE("while one acts, every form of the table of routes is closed, except those that are named here") {
  const std::set<std::string> open{
      "/account/language",       // helps who cannot read the page
      "/account/return",         // ends it
      "/account/session",        // the page's clock
      "/account/sessions/name",  // only the label of a device
      "/admin/accounts",         // a search
      "/admin/audit",            // a search
      "/admin/audit/check",      // changes nothing
      "/admin/audit/export",     // reads
      "/logout",                 // of the one who acts
  };
  std::set<std::string> found;
  ActingForAnna f;
  const std::string admin = id_of(f.app, "admin");
  const std::string anna = id_of(f.app, "anna.kowalska");
  for (const http::Route* route : f.app.server->router().routes()) {
    if (route->method != http::Method::post || route->guard != "session") continue;
    const std::string& pattern = route->pattern;
    CAPTURE(pattern);
    f.act();
    const std::size_t before = f.app.events().size();
    const Reply reply = f.send(pattern);
    CAPTURE(reply.status);
    const auto events = f.app.events();
    for (std::size_t i = 0; i + before < events.size(); ++i) {
      const audit::Event& event = events[i];
      CAPTURE(event.type);
      CHECK(event.actor->to_string() == admin);
      if (event.type == "logout") continue;  // of the session, which is that of the administrator
      REQUIRE(event.on_behalf_of);
      CHECK(event.on_behalf_of->to_string() == anna);
      if (!open.contains(pattern)) CHECK(event.type == "denied");
    }
    CHECK((reply.status == 403) == !open.contains(pattern));
    found.insert(pattern);
  }
  for (const std::string& pattern : open) CHECK_MESSAGE(found.contains(pattern), pattern);
}

TEST_CASE("what was opened in another tab for the one account has no effect on the other") {
  const App app;
  Browser admin(app.port());
  log_in_admin(admin);
  const std::string jan = id_of(app, "jan.nowak");
  const auto own_form = admin.get("/account/activity").form("/account/language");
  REQUIRE(begin(admin, jan).status == 303);
  CHECK(admin.submit(own_form, {{"lang", "de"}}).status == 403);
  const auto form_of_jan = admin.get("/account/activity").form("/account/language");
  const auto back = admin.get("/account").form("/account/return");
  REQUIRE(admin.submit(back, {}).status == 303);
  CHECK(admin.submit(form_of_jan, {{"lang", "de"}}).status == 403);
  CHECK(admin.submit(back, {}).status == 403);  // the button of the other tab
  CHECK(app.events("account_change").empty());
  CHECK(app.events("act_for").size() == 2);
}

TEST_CASE("the audit log's page and its export show who acted and for whom") {
  const App app;
  Browser admin(app.port());
  log_in_admin(admin);
  REQUIRE(begin(admin, id_of(app, "jan.nowak")).status == 303);
  admin.submit(admin.get("/account/activity").form("/account/language"), {{"lang", "de"}});
  REQUIRE(admin.submit(admin.get("/account").form("/account/return"), {}).status == 303);
  const Reply log = admin.get("/admin/audit?type=account_change");
  CHECK(has(log.body, "On behalf of"));
  CHECK(has(log.body, "jan.nowak"));
  const Reply all = admin.get("/admin/audit");
  const auto form = all.form("/admin/audit/export");
  REQUIRE_FALSE(form.action.empty());
  const Reply json = admin.submit(form, {{"format", "jsonl"}});
  CHECK(has(json.body, R"("on_behalf_of":"jan.nowak")"));
  CHECK(has(json.body, R"("actor":"admin")"));
}

TEST_CASE("the banner is in the language of who acts, because the pages are in that of the other person") {
  const App app;
  Browser admin(app.port());
  log_in_admin(admin);
  REQUIRE(begin(admin, id_of(app, "jan.nowak")).status == 303);
  admin.submit(admin.get("/account/activity").form("/account/language"), {{"lang", "pl"}});
  const Reply shown = admin.get("/account");
  CHECK(has(shown.body, "<html lang=\"pl\""));
  CHECK(has(shown.body, "You are acting for Jan Nowak"));
  CHECK(has(shown.body, "lang=\"en\""));
}

TEST_CASE("an administrator acts for a person, sees a banner on every page, and returns") {
  const App app;
  const std::string jan = id_of(app, "jan.nowak");
  Browser admin(app.port());
  log_in_admin(admin);
  CHECK(has(admin.get("/admin/accounts/" + jan).body, "href=\"/admin/accounts/" + jan + "/act\""));
  const Reply begun = begin(admin, jan);
  CHECK(begun.status == 303);
  for (const char* page : {"/account", "/account/data", "/account/activity", "/account/sessions", "/help"}) {
    const Reply shown = admin.get(page);
    CHECK_MESSAGE(shown.status == 200, page);
    CHECK_MESSAGE(has(shown.body, "You are acting for Jan Nowak"), page);
    CHECK_MESSAGE(has(shown.body, "action=\"/account/return\""), page);
  }
  CHECK(admin.get("/admin/accounts").status == 403);  // Jan may not see it
  const Reply back = admin.submit(admin.get("/account").form("/account/return"), {});
  CHECK(back.status == 303);
  CHECK(back.location() == "/admin/accounts/" + jan);
  const Reply own = admin.get("/account");
  CHECK_FALSE(has(own.body, "You are acting for"));
  CHECK(has(own.body, "Ada Minster"));
  const auto events = app.events("act_for");
  REQUIRE(events.size() == 2);
  for (const audit::Event& event : events) {
    CHECK(event.actor->to_string() == id_of(app, "admin"));
    CHECK(event.on_behalf_of->to_string() == jan);
  }
}

TEST_CASE("while one acts, passwords, proofs, data, suspension and deletion are refused with a sentence") {
  const App app;
  Browser admin(app.port());
  log_in_admin(admin);
  const std::string piotr = id_of(app, "piotr.wisniewski");
  REQUIRE(begin(admin, piotr).status == 303);
  for (const char* page : {"/account/security", "/account/suspend", "/account/delete", "/account/confirm"}) {
    const Reply refused = admin.get(page);
    CHECK_MESSAGE(refused.status == 403, page);
    CHECK_MESSAGE(has(refused.body, "open to that person only"), page);
    CHECK_MESSAGE(has(refused.body, "action=\"/account/return\""), page);
  }
  for (const char* form : {"/account/data", "/account/data/verify", "/account/security", "/account/suspend",
                           "/account/delete", "/account/confirm", "/account/sub-accounts"}) {
    const Reply refused = admin.post(form, {{"password", "Forest-Amber-2026"}});
    CHECK_MESSAGE(refused.status == 403, form);
  }
  CHECK(app.events("proof").empty());
  CHECK(app.events("password_set").empty());
  CHECK(app.events("account_suspend").empty());
}

TEST_CASE("a form that was opened for another person has no effect on the own account") {
  const App app;
  Browser admin(app.port());
  log_in_admin(admin);
  REQUIRE(begin(admin, id_of(app, "jan.nowak")).status == 303);
  const auto language = admin.get("/account/activity").form("/account/language");
  REQUIRE_FALSE(language.action.empty());
  REQUIRE(app.house().store.write(
      [&](store::Tx& tx) { return tx.run("UPDATE session SET acting_until = 1 WHERE acting_until IS NOT NULL", {}); }));
  const Reply late = admin.submit(language, {{"lang", "de"}});
  CHECK(late.status == 403);
  CHECK(app.events("account_change").empty());
  CHECK_FALSE(has(admin.get("/account").body, "You are acting for"));
}

TEST_CASE("no application gets a login while one acts for another person") {
  const App app;
  Browser admin(app.port());
  log_in_admin(admin);
  REQUIRE(begin(admin, id_of(app, "jan.nowak")).status == 303);
  const std::string request =
      "/oauth2/authorize?client_id=demo-portal&redirect_uri=http%3A%2F%2F127.0.0.1%3A9191%2Fcallback&response_type=code"
      "&scope=openid&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
  const Reply refused = admin.get(request);
  CHECK(refused.status == 403);
  CHECK(refused.location().empty());
  CHECK(has(refused.body, "Return to your own account first."));
  const Reply silent = admin.get(request + "&prompt=none");
  CHECK(has(silent.location(), "error=access_denied"));
  CHECK(app.events("code_issue").empty());
}

TEST_CASE("who may not act for others finds neither the button nor the page, and a strange id tells nothing") {
  const App app;
  const std::string jan = id_of(app, "jan.nowak");
  Browser anna(app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/admin/accounts/" + jan).body, "/act\""));
  CHECK(anna.get("/admin/accounts/" + jan + "/act").status == 403);
  CHECK(anna.post("/admin/accounts/" + jan + "/act", {{"context", "user"}, {"reason", "asked"}}).status == 403);
  Browser admin(app.port());
  log_in_admin(admin);
  CHECK(admin.get("/admin/accounts/00000000-0000-7000-8000-000000000000/act").status == 404);
  CHECK(admin.get("/admin/accounts/jan.nowak/act").status == 404);
  CHECK(admin.get("/admin/accounts/" + id_of(app, "admin") + "/act").status == 403);
  const Reply page = admin.get("/admin/accounts/" + jan + "/act");
  CHECK(admin.submit(page.form("/admin/accounts/" + jan + "/act"), {{"context", "user"}}).status == 422);
  CHECK(app.events("act_for").empty());
}
