// Features of organisations, over HTTP (S1.10).
#include "flow/tenant/features.hpp"

#include <doctest/doctest.h>

#include "door/app_fixture.hpp"
#include "door/settings_fixture.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

using door::App;
using door::Browser;
using door::has;
using door::Reply;

namespace {

std::string first_tenant(const App& app) {
  return app.house().store.read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id.to_string();
}

/// The form with another value of a field.
door::PageForm with(door::PageForm form, const std::string& field, const std::string& value) {
  for (auto& [name, old] : form.fields) {
    if (name == field) old = value;
  }
  return form;
}

}  // namespace

TEST_CASE(
    "a super administrator switches a feature off after a question, it is gone from menu and pages, and on again") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "admin", "Lantern-Harbour-2026");
  const std::string page = "/admin/tenants/" + first_tenant(app);
  CHECK(has(browser.get("/admin").body, "href=\"/admin/systems\""));
  CHECK(browser.get("/admin/systems").status == 200);
  const Reply shown = browser.get(page);
  CHECK(has(shown.body, "Client systems and connector"));
  const Reply asked = browser.submit(with(shown.form(page + "/feature"), "state", "off"), {});
  CHECK(has(asked.location(), "confirm=feature"));
  const Reply question = browser.follow(asked);
  CHECK(has(question.body, "Switch off"));
  const Reply done = browser.submit(question.form(page + "/feature"), {});
  CHECK(has(done.location(), "done=feature"));
  CHECK_FALSE(has(browser.get("/admin").body, "href=\"/admin/systems\""));
  const Reply off = browser.get("/admin/systems");
  CHECK(off.status == 403);
  CHECK(has(off.body, "This is not enabled for your organisation"));
  const Reply again =
      browser.follow(browser.submit(with(browser.get(page).form(page + "/feature"), "state", "on"), {}));
  browser.submit(again.form(page + "/feature"), {});
  CHECK(has(browser.get("/admin").body, "<span class=\"badge\">new</span>"));
  CHECK(browser.get("/admin/systems").status == 200);
  CHECK_FALSE(has(browser.get("/admin").body, "<span class=\"badge\">new</span>"));
}

TEST_CASE("what is off for one organisation is not added there by somebody of another one, and the page says why") {
  const App app;
  const rights::Actor operator_actor = flow::make_operator("test");
  const flow::RequestFacts facts{"192.0.2.7", "Test/1.0", "request-1", base::now()};
  flow::TenantWish ward;
  ward.name = "Ward";
  REQUIRE(flow::create_tenant(app.house(), operator_actor, {"ward", ""}, ward, facts));
  REQUIRE(flow::set_feature(app.house(), operator_actor,
                            {"ward", flow::Feature::client_systems, flow::FeatureState::off}, facts));
  Browser browser(app.port());
  App::log_in(browser, "admin", "Lantern-Harbour-2026");
  const auto form = browser.get("/admin/systems").form("/admin/systems/new");
  const Reply refused = browser.submit(form, {{"id", "Z1"}, {"tenant", "ward"}});
  CHECK(refused.status == 403);
  CHECK(has(refused.body, "This is not enabled for your organisation"));
  CHECK(app.events("denied").empty());
  CHECK(browser.submit(form, {{"id", "Z1"}}).status == 303);
}

TEST_CASE("a feature or a state that there is not, and a form without its token, change nothing") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "admin", "Lantern-Harbour-2026");
  const std::string page = "/admin/tenants/" + first_tenant(app);
  const auto form = browser.get(page).form(page + "/feature");
  CHECK(browser.submit(with(form, "feature", "pony"), {}).status == 400);
  CHECK(browser.submit(with(form, "state", "maybe"), {}).status == 400);
  CHECK(browser.submit(with(form, "csrf", "wrong"), {}).status == 403);
  CHECK(app.events("tenant_change").empty());
}
