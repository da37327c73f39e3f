// Whoever administers several organisations chooses the one that a page is about; others see no choice.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/change_tenant.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;

flow::RequestFacts facts_now() {
  flow::RequestFacts facts;
  facts.now = base::now();
  return facts;
}

/// The demonstration with an organisation below the first one, which has a look and an administrator of its own.
struct Houses {
  Houses() {
    flow::TenantWish look;
    look.name = "Ward East";
    look.accent = "#7a1f5c";
    look.logo_svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>)";
    REQUIRE(flow::create_tenant(app.house(), by, {"east", ""}, look, facts_now()));
    flow::NewAccount wished;
    wished.login = "ela.east";
    wished.given_name = "Ela";
    wished.family_name = "East";
    wished.email = "ela@east.example";
    wished.trusted_addresses = true;
    wished.contexts = {"administrator"};
    wished.password = base::Secret("Meadow-Violet-2026");
    wished.must_change = false;
    wished.tenant = "east";
    app.add_account(wished);
  }
  App app;
  rights::Actor by = flow::make_operator("test");
};

/// Who administers all.
struct Super : Browser {
  explicit Super(const App& app) : Browser(app.port()) { App::log_in(*this, "admin", "Lantern-Harbour-2026"); }
};

}  // namespace

TEST_CASE("an account is made in an organisation below one's own, with the contexts of that one") {
  const Houses f;
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"east", "night"}, {.role = "user"}, facts_now()));
  CHECK_FALSE(has(anna.get("/admin/accounts/new").body, "context.night"));
  const auto page = anna.get("/admin/accounts/new?tenant=east");
  CHECK(has(page.body, "<option value=\"east\" selected>Ward East</option>"));
  CHECK(has(page.body, "name=\"context.night\""));
  const auto made = anna.submit(page.form("/admin/accounts/new"), {{"given_name", "Ewa"},
                                                                   {"family_name", "Lis"},
                                                                   {"kind", "employee"},
                                                                   {"login", "ewa.lis"},
                                                                   {"email", "ewa.lis@clinic.example"},
                                                                   {"context.night", "yes"},
                                                                   {"begin", "invitation"}});
  REQUIRE(made.status == 303);
  const auto ewa = flow::find_named_account(f.app.house(), f.by, "ewa.lis", base::now());
  REQUIRE(ewa);
  CHECK(ewa->tenant_id == flow::find_tenant_look(f.app.house(), f.by, "east")->id);
  // Its page says to which of the organisations it belongs, and no second field of the form is called like that.
  CHECK(has(anna.get(made.location()).body, "<dt>Organisation</dt><dd>Ward East</dd>"));
  CHECK(has(page.body, "<label for=\"tenant\">Organisation"));
  CHECK(has(page.body, "Company, practice or system"));
  CHECK_FALSE(has(page.body, "<label for=\"organisation\">Organisation"));
  Browser ela(f.app.port());
  App::log_in(ela, "ela.east", "Meadow-Violet-2026");
  CHECK_FALSE(has(ela.get("/admin/accounts/" + ewa->id.to_string()).body, "<dt>Organisation</dt>"));
}

TEST_CASE("an administrator of one organisation has no choice, and another one that the form names is not found") {
  const Houses f;
  Browser ela(f.app.port());
  App::log_in(ela, "ela.east", "Meadow-Violet-2026");
  for (const char* path : {"/admin/accounts/new", "/admin/audit", "/admin/outbox"}) {
    INFO(path);
    const auto page = ela.get(path);
    CHECK(page.status == 200);
    CHECK_FALSE(has(page.body, "name=\"tenant\"><option"));
  }
  for (const char* path :
       {"/admin/accounts/new?tenant=main", "/admin/outbox?tenant=main", "/admin/audit?tenant=main"}) {
    INFO(path);
    CHECK(ela.get(path).status == 404);
  }
  auto form = ela.get("/admin/accounts/new").form("/admin/accounts/new");
  for (auto& [name, value] : form.fields) {
    if (name == "tenant") value = "main";
  }
  CHECK(ela.submit(form, {{"given_name", "Ewa"}, {"family_name", "Lis"}, {"login", "ewa.lis"}}).status == 404);
  CHECK_FALSE(flow::find_named_account(f.app.house(), f.by, "ewa.lis", base::now()));
}

TEST_CASE("an application belongs to the organisation that was chosen, and says whether it is for those below") {
  const Houses f;
  Super admin(f.app);
  const auto page = admin.get("/admin/new-application");
  const auto made = admin.submit(page.form("/admin/new-application"), {{"kind", "web"},
                                                                       {"tenant", "east"},
                                                                       {"name", "Records"},
                                                                       {"client_id", "records"},
                                                                       {"for_tenants_below", "yes"},
                                                                       {"redirect_uris", "https://r.example/back"}});
  CHECK(made.status == 200);
  const auto client = flow::find_named_client(f.app.house(), f.by, "records");
  REQUIRE(client);
  CHECK(client->tenant_id == flow::find_tenant_look(f.app.house(), f.by, "east")->id);
  CHECK(client->for_tenants_below);
  const auto other = admin.submit(
      page.form("/admin/new-application"),
      {{"kind", "web"}, {"tenant", "nowhere"}, {"name", "Lost"}, {"redirect_uris", "https://l.example/back"}});
  CHECK(other.status == 422);
  CHECK(has(other.body, "There is no such organisation."));
}

TEST_CASE("the audit log and the outbox show one organisation or all, and the filter stays in the address") {
  const Houses f;
  Super admin(f.app);
  Browser ela(f.app.port());
  App::log_in(ela, "ela.east", "Meadow-Violet-2026");
  CHECK(has(admin.get("/admin/audit").body, "<option value=\"\">All organisations</option>"));
  const auto east = admin.get("/admin/audit?tenant=east");
  CHECK(has(east.body, "<option value=\"east\" selected>"));
  CHECK(has(east.body, "ela.east"));
  CHECK_FALSE(has(admin.get("/admin/audit?tenant=main").body, "ela.east"));
  CHECK(admin.get("/admin/audit?tenant=nowhere").status == 404);
  CHECK(has(admin.get("/admin/outbox?tenant=east").body, "<option value=\"east\" selected>"));
}

TEST_CASE("pages have the look of the organisation of whoever is logged in, and no file of a tenant that has none") {
  const Houses f;
  const std::string id = flow::find_tenant_look(f.app.house(), f.by, "east")->id.to_string();
  Browser ela(f.app.port());
  App::log_in(ela, "ela.east", "Meadow-Violet-2026");
  const auto page = ela.get("/account");
  CHECK(has(page.body, "Ward East</title>"));
  CHECK(has(page.body, "<img class=\"logo\" src=\"/theme/" + id + "/logo.svg\""));
  const std::size_t theme = page.body.find("/theme/" + id + "/", page.body.find("rel=\"stylesheet\" href=\"/theme/"));
  REQUIRE(theme != std::string::npos);
  const auto sheet = ela.get(page.body.substr(theme, page.body.find('"', theme) - theme));
  CHECK(has(sheet.body, "--accent:#7a1f5c"));
  CHECK(ela.get("/theme/" + id + "/logo.svg").header("content-type") == "image/svg+xml; charset=utf-8");
  CHECK(ela.get("/theme/" + id + "/1.css").status == 404);
  CHECK(ela.get("/theme/" + base::Id::make(base::now()).to_string() + "/logo.svg").status == 404);
  CHECK(ela.get("/theme/east/logo.svg").status == 404);
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, id));
}
