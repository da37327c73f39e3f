// Pages of the audit log: events of relying systems beside our own (S4.26), and the check of the chain.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "door/app_fixture.hpp"
#include "flow/audit/report_event.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

audit::Reported event() {
  audit::Reported said;
  said.type = "record.read";
  said.outcome = "success";
  return said;
}

void report(const App& app, const audit::Reported& said) {
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
    client->writes_events = true;
    return store::update_client(tx, *client, base::now());
  }));
  flow::RequestFacts facts;
  facts.now = base::now();
  facts.request_id = "r-reported";
  const flow::ClientCredentials portal{flow::ClientMethod::basic, "demo-portal", base::Secret("demo-portal-secret")};
  const auto done = flow::report_event(app.house(), portal, {said, {}}, facts);
  REQUIRE(done);
  REQUIRE(std::holds_alternative<flow::EventWritten>(*done));
}

/// The page once the check is over.
Reply wait_for_check(Browser& browser) {
  for (;;) {
    Reply page = browser.get("/admin/audit/check");
    REQUIRE(page.status == 200);
    if (!has(page.body, "Show the current state")) return page;
    std::this_thread::yield();
  }
}

}  // namespace

TEST_CASE("the page shows which application wrote an event, and a filter tells them from ours") {
  const App app;
  audit::Reported said = event();
  said.actor = "jan.nowak";
  said.subject = "root";  // no account
  said.reason = "wrong_password";
  report(app, said);
  Browser anna(app.port());
  door::log_in_anna(anna);
  const Reply reported = anna.get("/admin/audit?source=reported");
  CHECK(has(reported.body, "record.read"));
  CHECK(has(reported.body, "written by demo-portal"));
  CHECK(has(reported.body, "jan.nowak"));
  CHECK(has(reported.body, "\xe2\x80\x9croot\xe2\x80\x9d (as the application says)"));
  CHECK(has(reported.body, "<dd>wrong_password</dd>"));  // never in our own words
  CHECK_FALSE(has(reported.body, "<span class=\"event\">Login</span>"));
  CHECK(has(reported.body, "<option value=\"reported\" selected>"));
  CHECK(has(anna.get("/admin/audit?source=reported&client=demo-portal&type=record.read").body, "1 entry"));
  CHECK_FALSE(has(anna.get("/admin/audit?source=reported&client=demo-lab").body, "<span class=\"event\">"));
  const Reply own = anna.get("/admin/audit?source=own");
  CHECK_FALSE(has(own.body, "written by"));
  CHECK(has(own.body, "<span class=\"event\">Login</span>"));
  CHECK(anna.get("/admin/audit?source=theirs").status == 400);
}

TEST_CASE("what an application writes is text on the page, and no formula in the file") {
  const App app;
  audit::Reported said = event();
  said.actor = "<script>alert(1)</script>";
  said.subject = "=HYPERLINK(\"http://attacker.example\")";
  said.object = "\" onmouseover=\"alert(2)";
  report(app, said);
  Browser anna(app.port());
  door::log_in_anna(anna);
  const Reply page = anna.get("/admin/audit?source=reported");
  CHECK_FALSE(has(page.body, "<script>alert"));
  CHECK(has(page.body, "&lt;script&gt;alert(1)"));
  CHECK_FALSE(has(page.body, "\" onmouseover="));
  const auto form = page.form("/admin/audit/export");
  CHECK(form.field("source") == "reported");
  const Reply csv = anna.submit(form, {{"format", "csv"}});
  CHECK(has(csv.body, ",details,source\r\n"));
  CHECK(has(csv.body, "\"demo-portal\"\r\n"));
  CHECK_FALSE(has(csv.body, ",\"="));
  CHECK_FALSE(has(csv.body, "Login"));
  const Reply lines = anna.submit(form, {{"format", "jsonl"}});
  CHECK(has(lines.body, "\"source\":\"demo-portal\""));
}

TEST_CASE("the chain is verified by a button, and the page says where it is broken") {
  const App app;
  Browser anna(app.port());
  door::log_in_anna(anna);
  CHECK(has(anna.get("/admin/audit").body, "href=\"/admin/audit/check\""));
  const Reply before = anna.get("/admin/audit/check");
  CHECK(has(before.body, "No check was asked for yet."));
  const Reply asked = anna.submit(before.form("/admin/audit/check"), {});
  CHECK(asked.status == 303);
  CHECK(asked.location() == "/admin/audit/check");
  CHECK(has(wait_for_check(anna).body, "events are in order."));
  REQUIRE(app.house().store.write(
      [](store::Tx& tx) { return tx.run("UPDATE audit_event SET outcome = 'failure' WHERE seq = 2", {}); }));
  CHECK(anna.submit(wait_for_check(anna).form("/admin/audit/check"), {}).status == 303);
  const Reply broken = wait_for_check(anna);
  CHECK(has(broken.body, "First at event 2: the event was altered."));
  CHECK(app.events("audit_check").size() == 4);
}

TEST_CASE("who may not read the audit log can neither see nor start a check") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  CHECK(jan.get("/admin/audit/check").status == 403);
  CHECK(jan.post("/admin/audit/check", {}).status == 403);
  Browser anna(app.port());
  door::log_in_anna(anna);
  CHECK(anna.post("/admin/audit/check", {{"csrf", "forged"}}).status == 403);
  CHECK(app.events("audit_check").empty());
}
