// The page of the second step, and the rule that asks for it, over HTTP (S3.1 to S3.5, S3.11).
#include <doctest/doctest.h>

#include "app/config/config.hpp"
#include "door/app_fixture.hpp"
#include "door/factor_rule.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/resource/administer_resources.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "store/engine/store.hpp"
#include "store/message/outbox.hpp"

namespace {

using door::App;
using door::ask_everybody;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

std::vector<flow::MessageItem> texts(const App& app) {
  std::vector<flow::MessageItem> found;
  const auto items = app.house().store.read([](store::Tx& tx) { return store::list_outbox(tx, 100); });
  REQUIRE(items);
  for (const auto& item : *items) {
    if (item.kind == "sms" && item.state == "pending") found.push_back(flow::parse_payload(item.payload).value());
  }
  return found;
}

Reply first_step(Browser& browser, const std::string& login = "jan.nowak",
                 const std::string& password = "River-Copper-2026") {
  const PageForm form = browser.follow(browser.get("/account")).form("/login/password");
  return browser.submit(form, {{"login", login}, {"password", password}});
}

std::string code_at(const App& app) {
  const auto all = texts(app);
  REQUIRE_FALSE(all.empty());
  return all.front().text.substr(0, 6);
}

}  // namespace

TEST_CASE("the code page shows the number in part, and every other page leads back to it") {
  const App app;
  ask_everybody(app);
  Browser browser(app.port());
  const Reply page = browser.follow(first_step(browser));
  CHECK(has(page.body, "+48…202"));
  CHECK_FALSE(has(page.body, "600100202"));
  CHECK(has(page.body, "autocomplete=\"one-time-code\""));
  CHECK(has(page.header("cache-control"), "no-store"));
  for (const char* path : {"/account", "/account/data", "/account/security", "/account/sessions"}) {
    CAPTURE(path);
    CHECK(browser.get(path).location() == "/login/factor");
  }
  CHECK(has(browser.get("/login/context").location(), "/login/factor"));
  CHECK(has(browser.get("/login/change").location(), "/login/factor"));
  CHECK(texts(app).size() == 1);
}

TEST_CASE("the code page says that the message is on its way, and that it could not be sent as soon as that is known") {
  const App app;
  ask_everybody(app);
  Browser browser(app.port());
  const Reply page = browser.follow(first_step(browser));
  CHECK(has(page.body, "We are sending a code to your phone number +48…202."));
  CHECK(has(page.body, "data-look-again=\"/login/factor?"));
  const auto items = app.house().store.read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
  const auto fail = [&](store::Tx& tx) -> base::Result<void> {
    for (const auto& item : items) RETURN_IF_ERROR(store::put_off_outbox(tx, item.id, item.next_at, "http 401"));
    return {};
  };
  REQUIRE(app.house().store.write(fail));
  const Reply failed = browser.get("/login/factor?method=sms");
  CHECK(has(failed.body, "The SMS could not be sent."));
  CHECK_FALSE(has(failed.body, "We are sending"));
  CHECK_FALSE(has(failed.body, "We have sent"));
}

TEST_CASE("who asks for another code at once is told to wait for the first one, and not that nothing was sent") {
  const App app;
  ask_everybody(app);
  Browser browser(app.port());
  const Reply page = browser.follow(first_step(browser));
  const Reply early = browser.submit(page.form("/login/factor/send"), {});
  CHECK(early.status == 429);
  CHECK(has(early.body, "A code was asked for a moment ago."));
  CHECK_FALSE(has(early.body, "could not be sent"));
  CHECK(texts(app).size() == 1);
}

TEST_CASE("extra and doubled fields do not send the code elsewhere") {
  const App app;
  ask_everybody(app);
  Browser browser(app.port());
  const PageForm form = browser.follow(browser.get("/account")).form("/login/password");
  browser.submit(
      form,
      {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}, {"phone", "+48600999999"}, {"to", "+48600999999"}});
  REQUIRE(texts(app).size() == 1);
  CHECK(texts(app).front().to == "+48600100202");
  const Reply page = browser.get("/login/factor");
  const Reply again = browser.submit(page.form("/login/factor/send"), {{"phone", "+48600999999"}});
  // A moment after the first one nothing more is sent.
  CHECK(again.status == 429);
  CHECK(texts(app).size() == 1);
}

TEST_CASE("a wrong code shows the page again with what is left, and the right one goes on") {
  const App app;
  ask_everybody(app);
  Browser browser(app.port());
  const Reply page = browser.follow(first_step(browser));
  const std::string code = code_at(app);
  const Reply wrong = browser.submit(page.form("/login/factor"), {{"code", code == "000000" ? "000001" : "000000"}});
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "4 tries are left."));
  const Reply done = browser.submit(wrong.form("/login/factor"), {{"code", code}});
  CHECK(done.location() == "/account");
  CHECK(browser.get("/account").status == 200);
}

TEST_CASE("a code form without the right token, or of another login, does nothing") {
  const App app;
  ask_everybody(app);
  Browser browser(app.port());
  const Reply page = browser.follow(first_step(browser));
  const std::string code = code_at(app);
  PageForm forged = page.form("/login/factor");
  for (auto& [name, value] : forged.fields) {
    if (name == "csrf") value = "wrong";
  }
  CHECK(browser.submit(forged, {{"code", code}}).status == 403);
  Browser stranger(app.port());
  CHECK(stranger.submit(page.form("/login/factor"), {{"code", code}}).status == 400);
  CHECK(stranger.get("/account").status == 303);
}

TEST_CASE("an account without a number is told so after the right password only") {
  const App app;
  ask_everybody(app, {{"methods", "sms"}});
  Browser browser(app.port());
  const Reply right = first_step(browser, "admin", "Lantern-Harbour-2026");
  CHECK(right.status == 403);
  CHECK(has(right.body, "no phone number"));
  CHECK_FALSE(has(right.body, "id=\"login-failed\""));
  Browser other(app.port());
  const Reply wrong = first_step(other, "admin", "Wrong-Password-1");
  CHECK(has(wrong.body, "id=\"login-failed\""));
  CHECK(texts(app).empty());
}

TEST_CASE("forwarding headers of a stranger never make the network internal") {
  const App app;
  ask_everybody(app, {{"exempts_internal", "true"}, {"internal", "10.0.0.0/8 ::ffff:10.0.0.0/104"}});
  const Browser::Headers claims{{"X-Forwarded-For", "10.0.0.1"},
                                {"Forwarded", "for=10.0.0.1"},
                                {"X-Real-IP", "10.0.0.1"},
                                {"X-Forwarded-For", "10.0.0.1, 10.0.0.2"},
                                {"X-Client-IP", "10.0.0.1"}};
  for (const auto& claim : claims) {
    CAPTURE(claim.first);
    Browser browser(app.port());
    const PageForm form = browser.follow(browser.get("/account", {claim})).form("/login/password");
    const Reply done = browser.submit(form, {{"login", "jan.nowak"}, {"password", "River-Copper-2026"}}, {claim});
    CHECK(has(done.location(), "/login/factor"));
  }
}

TEST_CASE("the address of the connection makes it internal") {
  const App app;
  ask_everybody(app, {{"exempts_internal", "true"}, {"internal", "127.0.0.0/8"}});
  Browser browser(app.port());
  CHECK(first_step(browser).location() == "/account");
}

TEST_CASE("the rule is previewed with whom it would shut out, confirmed with a proof, and kept") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "admin", "Lantern-Harbour-2026");
  const PageForm form = browser.get("/admin/second-factor").form("/admin/second-factor");
  const Reply preview = browser.submit(form, {{"who", "everybody"},
                                              {"method_sms", "yes"},
                                              {"first_step_days", "0"},
                                              {"second_step_days", "0"},
                                              {"grace_days", "0"}});
  CHECK(preview.status == 200);
  CHECK(has(preview.body, "External accounts are included."));
  CHECK(has(preview.body, "/admin/accounts/"));
  const auto rule = [&] { return flow::find_factor_rule(app.house(), flow::make_operator("test"), "").value().scope; };
  CHECK(rule() == flow::FactorScope::nobody);
  PageForm wanted = preview.form("/admin/second-factor");
  std::erase_if(wanted.fields, [](const auto& field) { return field.first == "confirmed"; });
  const Reply list = browser.submit(wanted, {{"action", "export"}});
  CHECK(list.status == 200);
  CHECK(has(list.header("content-type"), "text/csv"));
  CHECK_MESSAGE(has(list.body, ",\"admin\","), list.body);
  // Nobody locks out the own account: this administrator has no number.
  PageForm confirmed = preview.form("/admin/second-factor");
  const Reply own = browser.submit(confirmed, {});
  CHECK(own.status == 422);
  CHECK(has(own.body, "You could no longer log in yourself"));
  CHECK(has(own.body, "href=\"#grace_days\""));
  CHECK(rule() == flow::FactorScope::nobody);
  for (auto& [name, value] : confirmed.fields) {
    if (name == "grace_days") value = "7";
  }
  const Reply done = browser.submit(confirmed, {});
  CHECK(has(done.location(), "done=change"));
  CHECK(rule() == flow::FactorScope::everybody);
}

TEST_CASE("groups that the rules of other systems name ask nobody for a second factor, and the page says so") {
  const App app;
  const auto by = flow::make_operator("test");
  const flow::RequestFacts facts{"", "", "", base::now()};
  REQUIRE(flow::create_group(app.house(), by, {"", "porters"}, facts));
  REQUIRE(flow::add_member(app.house(), by, {"porters", "jan.nowak"}, facts));
  REQUIRE(flow::create_resource(app.house(), by, {"", "urn:extension"}, {.name = "Extension"}, facts));
  flow::ItemWish wish;
  wish.rule = {{"group:porters"}};
  REQUIRE(flow::add_item(app.house(), by, {"urn:extension", rights::ItemKind::scope, "extension:use"}, wish, facts));
  Browser jan(app.port());
  CHECK_FALSE(has(first_step(jan).location(), "/login/factor"));
  CHECK(texts(app).empty());
  Browser admin(app.port());
  App::log_in(admin, "admin", "Lantern-Harbour-2026");
  CHECK(has(admin.get("/admin/second-factor").body,
            "Groups that are chosen in an application or an extension do not change this rule."));
}

TEST_CASE("what cannot be a network or a number of days is named at its field, and nothing changes") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "admin", "Lantern-Harbour-2026");
  const PageForm form = browser.get("/admin/second-factor").form("/admin/second-factor");
  for (const char* network : {"10.0.0.0/33", "300.1.1.1", "host.example"}) {
    CAPTURE(network);
    const Reply refused = browser.submit(form, {{"who", "everybody"},
                                                {"method_sms", "yes"},
                                                {"internal", network},
                                                {"first_step_days", "0"},
                                                {"second_step_days", "0"},
                                                {"grace_days", "x"}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "href=\"#internal\""));
    CHECK(has(refused.body, "href=\"#grace_days\""));
    CHECK(has(refused.body, network));
  }
  const Reply nobody = browser.submit(form, {{"who", "groups"},
                                             {"method_sms", "yes"},
                                             {"first_step_days", "0"},
                                             {"second_step_days", "0"},
                                             {"grace_days", "0"}});
  CHECK(nobody.status == 422);
  CHECK(has(nobody.body, "href=\"#groups\""));
}
