// The pages through the whole server, with the requests of careless and of malicious browsers.
#include <doctest/doctest.h>

#include <algorithm>

#include "door/app_fixture.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/house/make_operator.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/driver/sql.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

PageForm with(PageForm form, const std::string& name, const std::string& value) {
  for (auto& [key, old] : form.fields) {
    if (key == name) old = value;
  }
  return form;
}

PageForm login_form(Browser& browser) {
  return browser.follow(browser.get("/account")).form("/login/password");
}

}  // namespace

TEST_CASE("a login needs the token of its form, the browser that began it, and each field once") {
  const App app;
  Browser browser(app.port());
  const PageForm form = login_form(browser);
  const std::vector<std::pair<std::string, std::string>> typed{{"login", "jan.nowak"},
                                                               {"password", "River-Copper-2026"}};

  CHECK(browser.submit(with(form, "csrf", "wrong"), typed).status == 403);
  Browser stranger(app.port());
  CHECK(stranger.submit(form, typed).status == 400);
  auto doubled = typed;
  doubled.emplace_back("login", "anna.kowalska");
  CHECK(browser.submit(form, doubled).status == 400);
  CHECK(browser.request("POST", form.action, {{"Origin", app.origin()}, {"Content-Type", "text/plain"}}, "login=a")
            .status == 400);
  CHECK(app.events("login").empty());

  CHECK(browser.submit(form, typed).status == 303);
}

TEST_CASE("after a failure the password is not shown again, and the login only as text") {
  const App app;
  Browser browser(app.port());
  const Reply failed =
      browser.submit(login_form(browser), {{"login", "<script>alert(1)</script>"}, {"password", "zebra-7"}});
  CHECK(failed.status == 403);
  CHECK_FALSE(has(failed.body, "<script>alert(1)"));
  CHECK(has(failed.body, "value=\"&lt;script&gt;alert(1)&lt;/script&gt;\""));
  CHECK_FALSE(has(failed.body, "zebra"));
}

TEST_CASE("the reason of a failure does not show in its length either") {
  const App app;
  Browser browser(app.port());
  const PageForm form = login_form(browser);
  const auto size = [&](const std::string& login, const std::string& password) {
    return browser.submit(form, {{"login", login}, {"password", password}}).body.size();
  };
  // Logins of one length, because the page repeats them.
  const std::size_t unknown = size("eva.nowak", "x");
  CHECK(size("jan.nowak", "x") == unknown);
  CHECK(size("jan.nowak", "") == unknown);
  CHECK(size("jan.nowak", std::string(600, 'b')) == unknown);
  CHECK(size("", "") == size(std::string(400, 'a'), "x"));
}

TEST_CASE("a browser keeps at most four logins in progress") {
  const App app;
  Browser browser(app.port());
  for (int i = 0; i < 7; ++i) browser.get("/login");
  const auto count = std::count_if(browser.cookies.begin(), browser.cookies.end(), [](const auto& cookie) {
    return cookie.first.starts_with("chancery_attempt_") && !cookie.second.empty();
  });
  CHECK(count == 4);
}

TEST_CASE("pages are in the language that was chosen, and in the browser's otherwise") {
  const App app;
  Browser browser(app.port());
  CHECK(has(browser.get("/", {{"Accept-Language", "pl,en;q=0.5"}}).body, "<html lang=\"pl\">"));
  CHECK(has(browser.get("/?lang=de", {{"Accept-Language", "pl"}}).body, "<html lang=\"de\">"));
  CHECK(has(browser.get("/", {{"Accept-Language", "pl"}}).body, "<html lang=\"de\">"));
  CHECK(has(browser.get("/no/such/page", {{"Accept-Language", "pl"}}).body, "<html lang=\"de\">"));
  CHECK(browser.get("/?lang=xx%0d%0aSet-Cookie:a=b").header("set-cookie").empty());
}

TEST_CASE("the script may ask how long the session lasts without extending it, and nobody else learns anything") {
  const App app;
  Browser browser(app.port());
  CHECK(browser.get("/account/session").body == R"({"logged_in":false})");
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  CHECK(has(browser.get("/account/session").body, R"("logged_in":true,"seconds_left":)"));
  CHECK(browser.post("/account/session", {{"csrf", "wrong"}}).status == 403);
}

TEST_CASE("logout asks for the token of its form and then ends the session") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "jan.nowak", "River-Copper-2026");
  CHECK(browser.post("/logout", {}).status == 403);
  const PageForm form = browser.get("/logout").form("/logout");
  const Reply done = browser.submit(form, {});
  CHECK(done.location() == "/logout/done");
  CHECK(browser.get("/account").status == 303);
}

TEST_CASE("only who may read the audit log sees it, and a filter that means nothing is refused") {
  const App app;
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026");
  const Reply refused = jan.get("/admin/audit");
  CHECK(refused.status == 403);
  // The number on the error page is in the event.
  REQUIRE(app.events("denied").size() == 1);
  const auto denied = app.events("denied").front();
  CHECK(denied.data == R"({"page":"admin audit","permission":"read_audit"})");
  CHECK(denied.context == "user");
  CHECK_FALSE(denied.request_id.empty());
  CHECK(has(refused.body, "<code><span>" + denied.request_id.substr(0, 4) + "</span><wbr><span>"));
  CHECK(jan.get("/admin/accounts/01a1fd55-7a80-7650-9655-a684926cabd9").status == 403);
  REQUIRE(app.events("denied").size() == 2);
  CHECK(app.events("denied").front().subject->to_string() == "01a1fd55-7a80-7650-9655-a684926cabd9");
  CHECK_FALSE(has(jan.get("/account").body, "/admin/audit"));
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const auto search = [&](const std::vector<std::pair<std::string, std::string>>& typed) {
    return anna.follow(anna.submit(anna.get("/admin/audit").form("/admin/audit"), typed));
  };
  const Reply log = search({{"type", "login"}, {"outcome", "success"}, {"account", "jan.nowak"}});
  CHECK(log.status == 200);
  CHECK_FALSE(has(log.body, "account=jan"));
  // An address may name an account only by its id (ASVS 5.0 14.2.1).
  CHECK(anna.get("/admin/audit?account=jan.nowak").status == 400);
  CHECK(anna.get("/admin/audit?account=00000000-0000-7000-8000-000000000000").status == 200);
  CHECK(anna.post("/admin/audit", {{"type", "login"}}).status == 403);
  CHECK(has(log.body, "jan.nowak"));
  CHECK(has(search({{"account", "\"><script>"}}).body, "&quot;&gt;&lt;script&gt;"));
  for (const char* wrong :
       {"type=logins", "outcome=perhaps", "from=yesterday", "to=2026-02-31", "before=-1", "before=1x",
        "type=login&type=logout", "next=1x", "next=-1", "page=2", "next=1&previous=2"}) {
    CHECK(anna.get("/admin/audit?" + std::string(wrong)).status == 400);
  }
}

TEST_CASE("the number of an error page leads to its event, and the beginning of a name to the events of an account") {
  const App app;
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026");
  REQUIRE(jan.get("/admin/audit").status == 403);
  const std::string number = app.events("denied").front().request_id;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const auto search = [&](const std::vector<std::pair<std::string, std::string>>& typed) {
    return anna.follow(anna.submit(anna.get("/admin/audit").form("/admin/audit"), typed)).body;
  };
  const std::string found = search({{"request", number}});
  CHECK(has(found, "<dd>" + number + "</dd>"));
  CHECK(has(found, "data-label=\"Network address\">127.0.0.1</td>"));
  CHECK_FALSE(has(found, "anna.kowalska</td>"));
  // As somebody has typed it who was told it in groups.
  CHECK(has(search({{"request", number.substr(0, 4) + " " + number.substr(4, 4) + " " + number.substr(8)}}), number));
  const std::string none = search({{"request", "no-such-number"}});
  CHECK(has(none, "No event has this number. Look for it in the server"));
  CHECK_FALSE(has(none, "No event matches the filter."));
  CHECK(has(search({{"type", "act_for"}}), "No event matches the filter."));
  // A refusal is not called "failed" as well.
  CHECK_FALSE(has(found, ">failed</span>"));
  Browser stranger(app.port());
  App::log_in(stranger, "jan.nowak", "Wrong-Password-1");
  CHECK(has(search({{"type", "login"}, {"outcome", "failure"}}), ">failed</span>"));
  // With seconds, also for whoever reads times in the table only.
  const auto at = app.events("denied").front().at;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() % 60;
  CHECK(has(found, (seconds < 10 ? ":0" : ":") + std::to_string(seconds) + "</time>"));
  // One account fits: its events. Several: a choice.
  CHECK(has(search({{"account", "nowak"}, {"type", "denied"}}), number));
  flow::NewAccount other;
  other.login = "jan.other";
  other.given_name = "Jan";
  other.family_name = "Other";
  app.add_account(other);
  const std::string several = search({{"account", "jan"}});
  CHECK(has(several, "Several accounts match."));
  CHECK(has(several, "href=\"/admin/audit?account="));
  CHECK_FALSE(has(several, number));
}

TEST_CASE("too many searches by number are refused with 429 and a sentence, in both lists, and leave their events") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const PageForm accounts = anna.get("/admin/accounts").form("/admin/accounts");
  const PageForm log = anna.get("/admin/audit").form("/admin/audit");
  const auto search = [&](const PageForm& form, const std::string& field, const std::string& text) {
    return anna.follow(anna.submit(form, {{field, text}}));
  };
  for (int i = 0; i < 60; ++i) REQUIRE(search(accounts, "text", "4405").status == 200);
  for (const Reply& refused : {search(accounts, "text", "4405"), search(log, "account", "4405")}) {
    CHECK(refused.status == 429);
    CHECK(refused.header("retry-after") == "3600");
    CHECK(has(refused.body, "Too many searches by number"));
  }
  CHECK(search(accounts, "text", "nowak").status == 200);
  CHECK(app.events("account_search").size() == 62);
  CHECK(has(anna.get("/admin/audit?type=account_search").body, "<dd>by a number</dd>"));
}

TEST_CASE("a locked account is locked in the list, and not active as well") {
  const App app;
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto jan, store::find_account_by_login(tx, "jan.nowak", base::now()));
    const base::Time until = base::now() + std::chrono::hours(1);
    return store::set_failures(tx, jan->id, {.failures = 5, .locked_until = until, .newly_locked = true});
  }));
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const std::string list = anna.get("/admin/accounts?state=locked").body;
  CHECK(has(list, "<span class=\"badge bad\">locked</span>"));
  CHECK_FALSE(has(list, ">active</span>"));
}

TEST_CASE("whose session was ended elsewhere is told so on the way to the login, and a new visitor is not") {
  const App app;
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026");
  REQUIRE(flow::suspend_account(app.house(), flow::make_operator("test"), "jan.nowak",
                                {"192.0.2.7", "Test/1.0", "request-1", base::now()}));
  const Reply refused = jan.get("/account");
  CHECK(refused.status == 303);
  CHECK(has(jan.get(refused.location()).body, "Your session has ended."));
  Browser stranger(app.port());
  CHECK_FALSE(has(stranger.get(stranger.get("/account").location()).body, "Your session has ended."));
}

TEST_CASE("what the filters of the audit log find is exported as CSV and as JSON lines, for readers of the log alone") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const Reply list = anna.follow(
      anna.submit(anna.get("/admin/audit").form("/admin/audit"), {{"type", "login"}, {"account", "anna.kowalska"}}));
  const PageForm form = list.form("/admin/audit/export");
  CHECK(form.field("type") == "login");
  const Reply csv = anna.submit(form, {{"format", "csv"}});
  CHECK(csv.status == 200);
  CHECK(csv.header("content-disposition") == "attachment; filename=\"audit.csv\"");
  const auto taken = app.events("audit_export");
  REQUIRE(taken.size() == 1);
  CHECK(taken.front().actor.has_value());
  CHECK_MESSAGE(has(taken.front().data, "\"form\":\"csv\""), taken.front().data);
  CHECK(has(csv.body, ",\"login\",\"success\",\"anna.kowalska\""));
  CHECK_FALSE(has(csv.body, "\"denied\""));
  const Reply lines = anna.submit(form, {{"format", "jsonl"}});
  CHECK(lines.body.starts_with("{\"seq\":"));
  CHECK(has(lines.body, "\"type\":\"login\""));
  CHECK(anna.submit(form, {{"format", "xml"}}).status == 400);
  CHECK(anna.post("/admin/audit/export", {{"format", "csv"}}).status == 403);
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026");
  CHECK(jan.post("/admin/audit/export", {{"format", "csv"}}).status == 403);
}

TEST_CASE(
    "an export with a filter that means nothing is refused with the page, and one with several accounts asks which") {
  const App app;
  flow::NewAccount other;
  other.login = "jan.other";
  other.given_name = "Jan";
  other.family_name = "Other";
  app.add_account(other);
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const PageForm form = anna.get("/admin/audit").form("/admin/audit/export");
  using Fields = std::vector<std::pair<std::string, std::string>>;
  for (const Fields& odd : {Fields{{"type", "logins"}}, Fields{{"outcome", "perhaps"}}, Fields{{"from", "yesterday"}},
                            Fields{{"before", "-1"}}}) {
    Fields fields = odd;
    fields.emplace_back("format", "csv");
    const Reply refused = anna.submit(form, fields);
    CHECK(refused.status == 400);
    CHECK(refused.header("content-disposition").empty());
    CHECK(has(refused.body, "A value in the filter is not valid."));
  }
  for (const char* format : {"csv", "jsonl"}) {
    const Reply choice = anna.submit(form, {{"account", "jan"}, {"format", format}});
    CHECK(choice.header("content-disposition").empty());
    CHECK(has(choice.body, "Several accounts match."));
    CHECK(has(anna.submit(form, {{"account", "nobody"}, {"format", format}}).body, "No event matches the filter."));
    const Reply continued = anna.submit(form, {{"before", "2"}, {"format", format}});
    CHECK(has(continued.header("content-disposition"), "attachment"));
    CHECK(has(continued.body, format == std::string("csv") ? "\r\n\"1\"," : "{\"seq\":1,"));
    CHECK_FALSE(has(continued.body, format == std::string("csv") ? "\r\n\"2\"," : "{\"seq\":2,"));
  }
}

TEST_CASE("a search of the audit log that has seen only a part of a large log says so, and goes on when asked") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  // One event with a high number: a look covers a range of numbers, also those without an event.
  REQUIRE(app.house().store.write([](store::Tx& tx) {
    return tx.run(
        "INSERT INTO audit_event(seq, at, tenant_id, type, outcome, client, request_id, context, data, "
        "personal_digest, "
        "salt, personal, previous_hash, hash) SELECT 60000, at, tenant_id, type, outcome, client, request_id, context, "
        "data, personal_digest, salt, personal, previous_hash, hash FROM audit_event WHERE seq = 1",
        {});
  }));
  const Reply first = anna.get("/admin/audit?client=nobody");
  CHECK(has(first.body, "Not everything has been searched yet"));
  CHECK_FALSE(has(first.body, "No event matches"));
  REQUIRE(has(first.body, "/admin/audit?client=nobody&amp;next=10001"));
  const Reply second = anna.get("/admin/audit?client=nobody&next=10001");
  CHECK(has(second.body, "No event matches"));
  CHECK_FALSE(has(second.body, "Not everything has been searched yet"));
}

TEST_CASE("the audit log has a first, a previous, a next and a last page, and a count of all of them") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const std::int64_t made = 120;
  const base::Id tenant = app.events("login").front().tenant_id;
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    for (std::int64_t i = 0; i < made; ++i) {
      audit::Event event;
      event.at = base::now();
      event.type = audit::type::key_create;
      event.tenant_id = tenant;
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    }
    return {};
  }));
  const std::string list = "/admin/audit?type=key_create";
  const Reply first = anna.get(list);
  const std::size_t all = app.events("key_create").size();
  CHECK(has(first.body, std::to_string(all) + " entries"));
  CHECK_FALSE(has(first.body, "First page"));
  const auto link = [](const Reply& page, const std::string& part) {
    const std::size_t at = page.body.find("href=\"/admin/audit?type=key_create&amp;" + part);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = at + 6;
    std::string address = page.body.substr(begin, page.body.find('"', begin) - begin);
    return address.replace(address.find("&amp;"), 5, "&");
  };
  const Reply second = anna.get(link(first, "next="));
  CHECK(has(second.body, std::to_string(all) + " entries"));
  CHECK(anna.get(link(second, "previous=")).body.find(link(first, "next=").substr(32)) != std::string::npos);
  const Reply last = anna.get(link(first, "page=last"));
  CHECK(has(last.body, "First page"));
  CHECK_FALSE(has(last.body, "Last page"));
}

TEST_CASE("the address of a search that names somebody tells nothing, and is of use in this session alone") {
  const App app;
  Browser anna(app.port());
  App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  const auto search = [&](const std::string& path, const std::vector<std::pair<std::string, std::string>>& typed) {
    return anna.submit(anna.get(path).form(path), typed);
  };
  CHECK(search("/admin/audit", {{"type", "login"}, {"client", "a&b"}}).location() ==
        "/admin/audit?type=login&client=a%26b");
  CHECK(search("/admin/accounts", {{"state", "locked"}}).location() == "/admin/accounts?state=locked");
  Browser other(app.port());
  App::log_in(other, "anna.kowalska", "Meadow-Violet-2026", "administrator");
  for (const auto& [path, field, found] : {std::tuple("/admin/audit", "account", "value=\"jan.nowak\""),
                                           std::tuple("/admin/accounts", "text", "jan.nowak")}) {
    CAPTURE(path);
    const std::string address = search(path, {{field, "jan.nowak"}}).location();
    CHECK(address.starts_with(std::string(path) + "?kept="));
    CHECK_FALSE(has(address, "jan"));
    // Back and forth: the same page again, without a form that is sent twice.
    for (int again = 0; again < 2; ++again) {
      const Reply page = anna.get(address);
      CHECK(page.status == 200);
      CHECK(has(page.body, found));
      CHECK_FALSE(has(page.body, "zofia"));
    }
    std::string changed = address;
    changed.back() = changed.back() == 'A' ? 'B' : 'A';
    for (const Reply& page : {other.get(address), anna.get(changed), anna.get(std::string(path) + "?kept=x")}) {
      CHECK(page.status == 200);
      CHECK_FALSE(has(page.body, "value=\"jan.nowak\""));
    }
  }
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026");
  const std::string csrf = jan.get("/logout").form("/logout").field("csrf");
  CHECK(jan.post("/admin/audit", {{"csrf", csrf}, {"type", "login"}}).status == 403);
}

TEST_CASE(
    "the audit log says in the reader's language why a session ended, and shows a code that it does not know as it "
    "is") {
  const App app;
  Browser jan(app.port());
  App::log_in(jan, "jan.nowak", "River-Copper-2026");
  jan.submit(jan.get("/logout").form("/logout"), {});
  const auto logout = app.events("logout").front();
  REQUIRE(has(logout.data, R"("why":"logout")"));
  REQUIRE(app.house().store.write([&](store::Tx& tx) {
    audit::Event event;
    event.at = base::now();
    event.tenant_id = logout.tenant_id;
    event.type = audit::type::session_end;
    event.data = R"({"why":"of_a_later_version","until":"<i>"})";
    return store::append_event(tx, std::move(event));
  }));
  for (const auto& [language, words] :
       {std::pair("en", "<dt>Why</dt><dd>logout</dd>"), std::pair("de", "<dt>Anlass</dt><dd>Abmeldung</dd>"),
        std::pair("pl", "<dd>wylogowanie</dd>")}) {
    Browser anna(app.port());
    App::log_in(anna, "anna.kowalska", "Meadow-Violet-2026", "administrator");
    CHECK(has(anna.get("/admin/audit?type=logout&lang=" + std::string(language)).body, words));
    const Reply unknown = anna.get("/admin/audit?type=session_end");
    CHECK(has(unknown.body, "<dd>of_a_later_version</dd>"));
    CHECK(has(unknown.body, "<dd>&lt;i&gt;</dd>"));
  }
}

TEST_CASE("programs get errors that they can read") {
  const App app;
  Browser browser(app.port());
  const Reply reply = browser.get("/api/v1/nothing");
  CHECK(reply.status == 404);
  CHECK(has(reply.header("content-type"), "application/json"));
  CHECK(has(reply.body, reply.header("x-request-id")));
}
