// The pages of acting contexts through the whole server: refusals first, then what a change does before it is made.
#include <doctest/doctest.h>

#include "door/settings_fixture.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Desk : SettingsDesk {
  [[nodiscard]] flow::ContextDetails find(const std::string& key, const std::string& tenant = "") const {
    const auto found = flow::find_context_details(app.house(), by, {tenant, key}, base::now());
    REQUIRE_MESSAGE(found, key);
    return *found;
  }
  [[nodiscard]] std::string page_of(const std::string& key, const std::string& tenant = "") const {
    return "/admin/contexts/" + find(key, tenant).context.id.to_string();
  }
  /// What the form sends if nobody types anything, with these changes.
  [[nodiscard]] static Fields fields(const Fields& changed) {
    Fields all{{"name", ""},
               {"name_de", ""},
               {"name_pl", ""},
               {"role", "user"},
               {"level", "1"},
               {"networks", ""},
               {"allow:own_data", "yes"},
               {"allow:own_password", "yes"},
               {"allow:own_suspension", "yes"},
               {"allow:own_deletion", "yes"},
               {"allow:sign", "yes"}};
    for (const auto& [name, value] : changed) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; });
      if (found != all.end()) all.erase(found);
      if (!value.empty()) all.emplace_back(name, value);
    }
    return all;
  }
  Reply preview(const std::string& page, const Fields& changed) {
    return ada.submit(ada.get(page).form(page + "/change"), fields(changed));
  }
  /// Looks at the preview, and confirms it.
  Reply change(const std::string& page, const Fields& changed) {
    return ada.submit(preview(page, changed).form(page + "/change"), {});
  }
  void make(const std::string& key, const std::string& role = "user") const {
    REQUIRE(flow::create_acting_context(app.house(), by, {"", key}, {.name = "Desk", .role = role}, facts()));
  }
};

}  // namespace

TEST_CASE("without the permission no page of contexts is shown, and a form from before the loss does nothing") {
  Desk f;
  f.make("desk");
  const std::string page = f.page_of("desk");
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, "/admin/contexts"));
  for (const std::string& path : {std::string("/admin/contexts"), std::string("/admin/contexts/new"), page})
    CHECK(anna.get(path).status == 403);
  const Fields wish = Desk::fields({{"name", "Taken over"}, {"version", "1"}, {"confirmed", "yes"}});
  CHECK(f.force(anna, "anna.kowalska", page + "/change", wish).status == 403);
  CHECK(f.force(anna, "anna.kowalska", page + "/delete", {{"reason", "other"}}).status == 403);
  CHECK(f.force(anna, "anna.kowalska", "/admin/contexts/new", wish).status == 403);
  CHECK(f.find("desk").context.name == "Desk");
  CHECK(f.find("desk").context.version == 1);
}

TEST_CASE("contexts of an organisation that is not reached look as if they did not exist") {
  Desk f;
  f.make("desk");
  f.make_tenant("lab");
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"lab", "rights"}, {.role = "auditor"}, f.facts()));
  Browser lab(f.app.port());
  f.log_in_of_tenant(lab, "lab", "rights");
  CHECK(lab.get("/admin/contexts").status == 200);
  CHECK(lab.get("/admin/contexts?tenant=main").status == 404);
  CHECK(lab.get(f.page_of("desk")).status == 404);
  CHECK(lab.get("/admin/contexts/00000000-0000-7000-8000-000000000000").status == 404);
  // An auditor sees the own ones, and has no form.
  const std::string own = f.page_of("user", "lab");
  CHECK_FALSE(has(lab.get(own).body, "method=\"post\" action=\"" + own));
}

TEST_CASE("a context is created with all that is typed, and what is wrong is said before") {
  Desk f;
  const auto submit = [&](const Fields& changed) {
    return f.ada.submit(f.ada.get("/admin/contexts/new").form("/admin/contexts/new"), Desk::fields(changed));
  };
  const Reply flawed = submit({{"name", "Desk"}, {"networks", "everywhere"}, {"key", "Front Desk"}});
  CHECK(flawed.status == 422);
  CHECK(has(flawed.body, "such as 10.0.0.0/8"));
  CHECK(has(flawed.body, "a small letter first"));
  CHECK(has(flawed.body, ">everywhere</textarea>"));
  CHECK(submit({{"role", "user"}}).status == 422);  // no name
  const Reply made = submit({{"name", "Łódź desk"},
                             {"name_de", "Empfang"},
                             {"role", "support"},
                             {"networks", "10.0.0.0/8\r\n127.0.0.1"},
                             {"allow:own_deletion", ""}});
  REQUIRE(made.status == 303);
  CHECK(has(f.ada.get(made.location()).body, "The context Łódź desk is created."));
  const rights::ActingContext context = f.find("lodz-desk").context;
  CHECK(context.role == "support");
  CHECK(context.name_de == "Empfang");
  CHECK(context.networks.size() == 2);
  CHECK(context.lacks == rights::Permissions{rights::Permission::own_deletion});
  CHECK(has(submit({{"name", "Łódź desk"}}).body, "There is a context with this short name already."));
}

TEST_CASE("a role that gives more than the own context is not given, whatever is sent") {
  Desk f;
  REQUIRE(flow::create_role(f.app.house(), f.by, {"", "keeper"},
                            {.permissions = std::vector<std::string>{"manage_contexts", "read_settings"}}, f.facts()));
  f.make("keeper", "keeper");
  f.make("high", "super_administrator");
  flow::NewAccount wish;
  wish.login = "kim.keeper";
  wish.given_name = "Kim";
  wish.family_name = "Keeper";
  wish.email = "kim@clinic.example";
  wish.password = base::Secret("Heather-Bridge-2026");
  wish.must_change = false;
  wish.contexts = {"keeper"};
  f.app.add_account(wish);
  Browser kim(f.app.port());
  door::App::log_in(kim, "kim.keeper", "Heather-Bridge-2026");
  const Reply form = kim.get("/admin/contexts/new");
  CHECK(has(form.body, "value=\"super_administrator\" disabled"));
  const Reply forced =
      kim.submit(form.form("/admin/contexts/new"), Desk::fields({{"name", "Mine"}, {"role", "super_administrator"}}));
  CHECK(forced.status == 403);
  const std::string high = f.page_of("high");
  CHECK(has(kim.get(high).body, "This allows more than you may do yourself."));
  CHECK(f.force(kim, "kim.keeper", high + "/change",
                Desk::fields({{"name", "Low"}, {"version", "1"}, {"confirmed", "yes"}}))
            .status == 403);
  const std::string user = f.page_of("user");
  const Fields raised = Desk::fields({{"role", "account_administrator"}, {"version", "1"}, {"confirmed", "yes"}});
  CHECK(f.force(kim, "kim.keeper", user + "/change", raised).status == 403);
  CHECK(f.find("user").context.role == "user");
}

TEST_CASE("before a change is saved, the page says how many accounts it concerns and what they gain and lose") {
  Desk f;
  f.make("desk", "support");
  REQUIRE(flow::add_context(f.app.house(), f.by, {"jan.nowak", "desk"}, f.facts()));
  const std::string page = f.page_of("desk");
  const Reply asked = f.preview(page, {{"name", "Desk"}, {"role", "auditor"}, {"allow:own_data", ""}});
  CHECK(asked.status == 200);
  CHECK(has(asked.body, "1 account has this context."));
  CHECK(has(asked.body, "They may do more: audit log, see settings."));
  CHECK(has(asked.body, "They may no longer do: own data, help with logins."));
  CHECK(has(asked.body, "Your own session goes on."));
  CHECK(f.find("desk").context.role == "support");
  CHECK(f.app.events("context_change").size() == 2);  // made and given
  CHECK(f.change(page, {{"name", "Desk"}, {"role", "auditor"}, {"allow:own_data", ""}}).status == 303);
  CHECK(f.find("desk").context.role == "auditor");
  CHECK(f.find("desk").context.lacks == rights::Permissions{rights::Permission::own_data});
}

TEST_CASE("the page says how many accounts have no other way in when a context is tied to networks") {
  Desk f;
  const Reply asked = f.preview(f.page_of("user"), {{"networks", "192.0.2.0/24"}});
  CHECK(has(asked.body, "Some logins will no longer open it, and "));
  CHECK_FALSE(has(asked.body, "nobody has only this context"));
  f.make("desk");
  REQUIRE(flow::add_context(f.app.house(), f.by, {"jan.nowak", "desk"}, f.facts()));
  CHECK(has(f.preview(f.page_of("desk"), {{"name", "Desk"}, {"networks", "192.0.2.0/24"}}).body,
            "nobody has only this context"));
  CHECK(has(f.preview(f.page_of("desk"), {{"name", "Desk"}, {"level", "3"}}).body, "nobody could choose the context"));
}

TEST_CASE("nobody locks the own session out: the page says so instead of offering to save") {
  Desk f;
  const std::string own = f.page_of("super_administrator");
  const Fields change{{"role", "super_administrator"}, {"networks", "192.0.2.0/24"}};
  const Reply asked = f.preview(own, change);
  CHECK(has(asked.body, "would lock yourself out"));
  CHECK_FALSE(has(asked.body, "Save now"));
  Fields forced = Desk::fields(change);
  forced.emplace_back("version", "1");
  forced.emplace_back("confirmed", "yes");
  CHECK(f.force(f.ada, "admin", own + "/change", forced).status == 409);
  CHECK(f.find("super_administrator").context.networks.empty());
}

TEST_CASE("the second of two who change a context is told what changed, and keeps what was typed") {
  Desk f;
  f.make("desk");
  const std::string page = f.page_of("desk");
  const auto form = f.ada.get(page).form(page + "/change");
  CHECK(f.change(page, {{"name", "Reception"}}).status == 303);
  const Reply second = f.ada.submit(form, Desk::fields({{"name", "Front"}, {"name_de", "Vorn"}}));
  CHECK(second.status == 409);
  CHECK(has(second.body, "<strong>Name</strong>: Desk → Reception"));
  CHECK(has(second.body, "value=\"Vorn\""));
  CHECK(f.find("desk").context.name == "Reception");
}

TEST_CASE("fields that no form has change nothing: neither the tenant nor the key of a context") {
  Desk f;
  f.make("desk");
  f.make_tenant("lab");
  const std::string page = f.page_of("desk");
  const Fields sent{
      {"name", "Desk two"}, {"key", "stolen"}, {"tenant", "lab"}, {"tenant_id", "lab"}, {"of_role", "all"}};
  CHECK(f.change(page, sent).status == 303);
  const auto after = f.find("desk");
  CHECK(after.context.name == "Desk two");
  CHECK(after.tenant.key == "main");
}

TEST_CASE("a context that accounts have is not deleted, and one that nobody has is, after a question with a reason") {
  Desk f;
  f.make("desk");
  REQUIRE(flow::add_context(f.app.house(), f.by, {"jan.nowak", "desk"}, f.facts()));
  const std::string page = f.page_of("desk");
  CHECK(has(f.ada.get(page).body, "Take it away from them before you delete it."));
  CHECK(f.force(f.ada, "admin", page + "/delete", {{"reason", "other"}}).status == 409);
  REQUIRE(flow::remove_context(f.app.house(), f.by, {"jan.nowak", "desk"}, f.facts()));
  const Reply asked = f.ada.submit(f.ada.get(page).form(page + "/delete"), {});
  CHECK(has(f.ada.get(asked.location()).body, "Delete the context Desk?"));
  const Reply gone = f.ada.submit(f.ada.get(asked.location()).form(page + "/delete"), {{"reason", "mistake"}});
  CHECK(has(f.ada.get(gone.location()).body, "The context is deleted."));
  CHECK(f.ada.get(page).status == 404);
  CHECK(has(f.app.events("context_change").front().data, R"("motive":"mistake")"));
}

TEST_CASE("without a fresh proof a change is previewed and not made until the password is right") {
  Desk f;
  f.make("desk");
  const std::string page = f.page_of("desk");
  f.outdate_proof();
  const Reply asked = f.preview(page, {{"name", "Reception"}});
  CHECK(f.ada.submit(asked.form(page + "/change"), {}).status == 422);
  CHECK(f.ada.submit(asked.form(page + "/change"), {{"password", "wrong"}}).status == 422);
  CHECK(f.find("desk").context.name == "Desk");
  CHECK(f.ada.submit(asked.form(page + "/change"), {{"password", SettingsDesk::adas_password}}).status == 303);
  CHECK(f.find("desk").context.name == "Reception");
}
