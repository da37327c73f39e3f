// Error pages of people who are logged in, and the types of what pages are made of.
#include <doctest/doctest.h>

#include <regex>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/house/make_operator.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/store.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::in_groups;
using door::Reply;

/// Addresses of static files that a page names.
std::vector<std::string> assets_of(const std::string& page) {
  std::vector<std::string> found;
  for (std::size_t at = page.find("/assets/"); at != std::string::npos; at = page.find("/assets/", at + 1)) {
    found.push_back(page.substr(at, page.find('"', at) - at));
  }
  return found;
}

}  // namespace

TEST_CASE("an error page that speaks of help says whom to ask, before and after the login") {
  const App app([](app::Config& config) { door::set(config, "administrator", "helpdesk@clinic.example"); });
  Browser browser(app.port());
  const auto names_helpdesk = [&](const std::string& path, int status) {
    CAPTURE(path);
    const Reply page = browser.get(path);
    CHECK(page.status == status);
    CHECK(has(page.body, "If you ask for help"));
    CHECK(has(page.body, "Your administrator: helpdesk@clinic.example"));
  };
  names_helpdesk("/nonsense", 404);
  names_helpdesk("/oauth2/authorize?client_id=nobody", 400);
  door::log_in_anna(browser);
  names_helpdesk("/nonsense", 404);
  names_helpdesk("/admin/applications/nobody", 403);
}

TEST_CASE("an unknown address has the menu and the language of who is logged in, and reads nothing for others") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "user");
  // The account's language counts, not that of the browser.
  REQUIRE(anna.submit(anna.get("/account").form("/account/language"), {{"lang", "pl"}}).status == 303);
  const Reply inside = anna.get("/nonsense", {{"Accept-Language", "de"}});
  CHECK(inside.status == 404);
  CHECK(has(inside.body, "<html lang=\"pl\""));
  CHECK(has(inside.body, "href=\"/account/data\""));
  CHECK(anna.get("/admin/nonsense/at/all").status == 404);
  CHECK(anna.post("/nonsense", {{"a", "b"}}).status == 404);
  // Programs get JSON, logged in or not.
  CHECK(has(anna.get("/api/nonsense").body, "\"error\":\"not_found\""));
  Browser stranger(app.port());
  const Reply outside = stranger.get("/nonsense", {{"Accept-Language", "de"}});
  CHECK(outside.status == 404);
  CHECK(has(outside.body, "<html lang=\"de\""));
  CHECK_FALSE(has(outside.body, "href=\"/account/data\""));
  // A cookie that is no session is no login.
  const Reply forged = stranger.get("/nonsense", {{"Cookie", "chancery_session=AAAA"}});
  CHECK(forged.status == 404);
  CHECK_FALSE(has(forged.body, "href=\"/account/data\""));
}

TEST_CASE("a page that another context may see offers that context, and the choice leads to the page") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "user");
  for (const std::string path : {"/admin/audit?type=login", "/admin/accounts", "/admin/outbox"}) {
    const Reply refused = anna.get(path);
    CHECK(refused.status == 403);
    CHECK(has(refused.body, "href=\"/account/data\""));
    const auto choice = refused.form("/login/context");
    REQUIRE_FALSE(choice.action.empty());
    CHECK(has(refused.body, "value=\"administrator\""));
    CHECK_FALSE(has(refused.body, "value=\"user\""));
    const Reply chosen = anna.submit(choice, {{"context", "administrator"}});
    CHECK(chosen.location() == path);
    CHECK(anna.follow(chosen).status == 200);
    anna.submit(anna.get("/login/context").form("/login/context"), {{"context", "user"}});
  }
}

TEST_CASE("nothing but the form with its token switches the context, however a refused page is asked for") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "user");
  const auto choice = anna.get("/admin/audit").form("/login/context");
  const std::string foreign = anna.get("/logout").form("/logout").field("csrf");
  CHECK(anna.get("/login/context?context=administrator&next=/admin/audit").status == 200);
  CHECK(anna.get("/admin/audit?context=administrator&csrf=" + choice.field("csrf")).status == 403);
  for (const std::string& token : {std::string(), std::string("wrong"), foreign}) {
    CAPTURE(token);
    CHECK(anna.post(choice.action, {{"csrf", token}, {"context", "administrator"}}).status == 403);
  }
  // A context that the person does not have, or that would not help.
  CHECK(anna.submit(choice, {{"context", "super_administrator"}}).status == 403);
  CHECK(anna.get("/admin/audit").status == 403);
  CHECK(app.events("context_choice").size() == 1);
  CHECK(anna.submit(choice, {{"context", "administrator"}}).location() == "/admin/audit");
  CHECK(anna.get("/admin/audit").status == 200);
}

TEST_CASE("a refusal and what comes after the switch are the same for an account of another tenant and for none") {
  const App app;
  flow::NewAccount other;
  other.login = "far.away";
  other.given_name = "Far";
  other.family_name = "Away";
  app.add_account(other);
  const auto far = flow::find_named_account(app.house(), flow::make_operator("test"), "far.away", base::now());
  REQUIRE(far);
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    const base::Id tenant = base::Id::make(base::now());
    RETURN_IF_ERROR(tx.run("INSERT INTO tenant(id, name, settings) VALUES ($1, $2, $3)",
                           {tenant, std::string_view("Other"), std::string_view("{}")}));
    return store::expect_changed(tx.run("UPDATE account SET tenant_id = $2 WHERE id = $1", {far->id, tenant}),
                                 "the account");
  }));
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "user");
  /// The page without what differs at every request: its number, its tokens and the address that was asked for.
  const auto page_of = [&](const base::Id& id) {
    Reply page = anna.get("/admin/accounts/" + id.to_string());
    for (const std::string& own : {in_groups(page.header("x-request-id")), id.to_string()}) {
      for (std::size_t at = page.body.find(own); at != std::string::npos; at = page.body.find(own)) {
        page.body.replace(at, own.size(), "…");
      }
    }
    return std::to_string(page.status) +
           std::regex_replace(page.body, std::regex("name=\"csrf\" value=\"[^\"]*\""), "");
  };
  const base::Id none = base::Id::make(base::now());
  CHECK(page_of(far->id) == page_of(none));
  CHECK(page_of(far->id).starts_with("403"));
  anna.submit(anna.get("/admin/accounts").form("/login/context"), {{"context", "administrator"}});
  CHECK(page_of(far->id) == page_of(none));
  CHECK(page_of(far->id).starts_with("404"));
}

TEST_CASE("too many switches of the context are refused with 429 and a sentence, and the context in use stays") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "user");
  const auto choose = [&](const char* context) {
    return anna.submit(anna.get("/login/context").form("/login/context"), {{"context", context}});
  };
  for (int i = 0; i < 60; ++i) REQUIRE(choose(i % 2 == 0 ? "administrator" : "user").status == 303);
  const Reply refused = choose("administrator");
  CHECK(refused.status == 429);
  CHECK(refused.header("retry-after") == "600");
  CHECK(has(refused.body, "You have switched the context too many times in one hour."));
  CHECK(has(refused.body, "Back without switching"));
  CHECK(anna.get("/admin/accounts").status == 403);
  CHECK(anna.get("/account").status == 200);
}

TEST_CASE("a person without such a context keeps the menu and is told whom to ask") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  const Reply refused = jan.get("/admin/audit");
  CHECK(refused.status == 403);
  CHECK(refused.form("/login/context").action.empty());
  CHECK(has(refused.body, "Please ask your administrator."));
  CHECK(has(refused.body, "href=\"/account/data\""));
  CHECK(has(refused.body, "<code>" + in_groups(refused.header("x-request-id")) + "</code>"));
  CHECK(has(refused.body, "<a class=\"button quiet\" href=\"/account\">To the overview</a>"));
  CHECK(has(jan.get("/admin/audit", {{"Accept", "application/json"}}).body, R"("error":"forbidden")"));
}

TEST_CASE("the choice of a context leads to a page of this server only") {
  const App app;
  Browser anna(app.port());
  door::log_in_anna(anna);
  for (const char* elsewhere : {"//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"}) {
    auto choice = anna.get("/login/context").form("/login/context");
    std::erase_if(choice.fields, [](const auto& field) { return field.first == "next"; });
    CHECK(anna.submit(choice, {{"context", "user"}, {"next", elsewhere}}).location() == "/account");
  }
}

TEST_CASE("whatever has text in it names its character set") {
  const App app;
  Browser browser(app.port());
  const auto assets = assets_of(browser.get("/").body);
  CHECK(assets.size() >= 3);
  for (const std::string& address : assets) {
    const Reply file = browser.get(address);
    CHECK(file.status == 200);
    if (address.ends_with(".woff2")) {
      CHECK(file.header("content-type") == "font/woff2");
    } else {
      CHECK_MESSAGE(has(file.header("content-type"), "; charset=utf-8"), address);
    }
  }
  CHECK(has(browser.get("/nonsense").header("content-type"), "text/html; charset=utf-8"));
}

TEST_CASE("a list for which no connection is free is refused with a time to come back, and people still log in") {
  const App app([](app::Config& config) {
    config.store.report_readers = 1;
    config.store.patience = std::chrono::milliseconds(10);
  });
  Browser anna(app.port());
  door::log_in_anna(anna);
  const auto report = app.house().store.read_report([&](store::Tx&) -> base::Result<bool> {
    for (const char* list : {"/admin/audit", "/admin/accounts", "/admin/outbox"}) {
      const Reply refused = anna.get(list);
      CHECK(refused.status == 503);
      CHECK(refused.header("retry-after") == "5");
    }
    Browser jan(app.port());
    door::log_in_jan(jan);
    CHECK(jan.get("/account").status == 200);
    return true;
  });
  CHECK(report);
  CHECK(anna.get("/admin/audit").status == 200);
}

TEST_CASE(
    "while a report of one administrator runs, further ones of that person wait in vain, and another one has lists") {
  const App app([](app::Config& config) { config.store.patience = std::chrono::milliseconds(10); });
  flow::NewAccount other;
  other.login = "piotr.office";
  other.contexts = {"administrator"};
  other.password = base::Secret("Forest-Amber-2027");
  other.must_change = false;
  app.add_account(other);
  Browser anna(app.port());
  door::log_in_anna(anna);
  Browser piotr(app.port());
  App::log_in(piotr, "piotr.office", "Forest-Amber-2027");
  const base::Id whose = *app.events("context_choice").front().actor;
  const auto report = app.house().store.read_report(
      [&](store::Tx&) -> base::Result<bool> {
        for (const char* list : {"/admin/audit", "/admin/accounts", "/admin/outbox"}) {
          CHECK(anna.get(list).status == 503);
          CHECK(piotr.get(list).status == 200);
        }
        CHECK(app.house().store.read_background([](store::Tx&) { return base::Result<bool>(true); }));
        return true;
      },
      whose);
  CHECK(report);
  CHECK(anna.get("/admin/audit").status == 200);
}
