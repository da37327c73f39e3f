// Own data, change of password, suspension and deletion depend on the chosen context (S4.28).
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"
#include "flow/account/set_password.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "rights/context.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::PageForm;
using door::Reply;

const char* const password = "Meadow-Violet-2026";

struct Limited {
  std::string name;
  std::string page;
};
const Limited all[] = {{"own_data", "/account/data"},
                       {"own_password", "/account/security"},
                       {"own_suspension", "/account/suspend"},
                       {"own_deletion", "/account/delete"}};

flow::RequestFacts facts() {
  return {"", "", "test", base::now()};
}

void limit(const App& app, std::vector<std::string> lacks) {
  const auto changed = flow::change_acting_context(app.house(), flow::make_operator("test"), {"", "administrator"},
                                                   {.lacks = std::move(lacks)}, facts());
  REQUIRE_MESSAGE(changed, base::describe(changed.error()));
}

}  // namespace

TEST_CASE("what a context lacks is neither in its menu nor at its address, and in another context it is there") {
  const App app;
  for (const Limited& one : all) {
    INFO(one.name);
    limit(app, {one.name});
    for (const bool lacking : {true, false}) {
      Browser browser(app.port());
      App::log_in(browser, "anna.kowalska", password, lacking ? "administrator" : "user");
      const std::string home = browser.get("/account").body;
      CHECK(has(home, "href=\"" + one.page + "\"") != lacking);
      CHECK(browser.get(one.page).status == (lacking ? 403 : 200));
      for (const Limited& other : all) {
        if (other.name == one.name) continue;
        CHECK(has(home, "href=\"" + other.page + "\""));
        CHECK(browser.get(other.page).status == 200);
      }
    }
  }
}

TEST_CASE("a form that was open when the context lost its right does nothing") {
  const App app;
  Browser browser(app.port());
  App::log_in(browser, "anna.kowalska", password, "administrator");
  const PageForm data = browser.get("/account/data").form("/account/data");
  const PageForm change = browser.get("/account/security").form("/account/security");
  const PageForm suspend = browser.get("/account/suspend").form("/account/suspend");
  const PageForm leave = browser.get("/account/delete").form("/account/delete");
  limit(app, {"own_data", "own_password", "own_suspension", "own_deletion"});
  for (const PageForm& form : {data, change, suspend, leave}) {
    CHECK_MESSAGE(browser.submit(form, {{"login", "anna.k"}}).status == 403, form.action);
  }
  CHECK(browser.get("/account").status == 200);
  for (const char* type : {"account_change", "password_set", "account_suspend", "account_delete"}) {
    CHECK_MESSAGE(app.events(type).empty(), type);
  }
}

TEST_CASE("the refusal offers the context that has the right") {
  const App app;
  limit(app, {"own_data"});
  Browser browser(app.port());
  App::log_in(browser, "anna.kowalska", password, "administrator");
  const Reply refused = browser.get("/account/data");
  CHECK(refused.status == 403);
  CHECK(has(refused.body, "value=\"user\""));
  CHECK_FALSE(has(refused.body, "value=\"administrator\""));
}

TEST_CASE("no context forbids a change of password that must be made") {
  const App app;
  REQUIRE(flow::change_acting_context(app.house(), flow::make_operator("test"), {"", "user"},
                                      {.lacks = {{"own_password"}}}, facts()));
  REQUIRE(flow::set_password(app.house(), flow::make_operator("test"), "jan.nowak",
                             {base::Secret("Initial-Amber-77"), true}, facts()));
  Browser browser(app.port());
  const Reply held = App::log_in(browser, "jan.nowak", "Initial-Amber-77");
  const Reply done = browser.submit(held.form("/login/change"), {{"new_password", "Granite-Sparrow-7"},
                                                                 {"new_password_repeat", "Granite-Sparrow-7"}});
  CHECK(done.status == 303);
  CHECK(browser.follow(done).status == 200);
  CHECK(browser.get("/account/security").status == 403);
}
