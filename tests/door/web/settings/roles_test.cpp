// The pages of roles through the whole server: refusals first, then what a change does before it is made.
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
  std::string make(const std::string& key, const std::vector<std::string>& permissions,
                   const std::string& tenant = "") const {
    const auto made =
        flow::create_role(app.house(), by, {tenant, key}, {.name = key, .permissions = permissions}, facts());
    REQUIRE(made);
    return "/admin/roles/" + made->to_string();
  }
  [[nodiscard]] rights::OwnRole find(const std::string& page) const {
    return flow::find_role_details(app.house(), by, {"", page.substr(page.rfind('/') + 1)}, base::now()).value().role;
  }
  /// An account that acts with the role, logged in.
  void log_in_with(Browser& browser, const std::string& role) const {
    REQUIRE(flow::create_acting_context(app.house(), by, {"", role}, {.role = role}, facts()));
    log_in_of_tenant(browser, "main", role);
  }
  Reply preview(Browser& who, const std::string& page, const Fields& fields) {
    return who.submit(who.get(page).form(page + "/change"), fields);
  }
};

}  // namespace

TEST_CASE("without the permission no page of roles is shown, and a form from before the loss does nothing") {
  Desk f;
  const std::string page = f.make("clerk", {"read_accounts"});
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, "/admin/roles"));
  for (const std::string& path : {std::string("/admin/roles"), std::string("/admin/roles/new"), page})
    CHECK(anna.get(path).status == 403);
  const Fields wish{{"name", "x"}, {"permission:manage_contexts", "yes"}, {"version", "1"}, {"confirmed", "yes"}};
  CHECK(f.force(anna, "anna.kowalska", page + "/change", wish).status == 403);
  CHECK(f.force(anna, "anna.kowalska", page + "/delete", {{"reason", "other"}}).status == 403);
  CHECK(f.force(anna, "anna.kowalska", "/admin/roles/new", wish).status == 403);
  CHECK(f.find(page).name == "clerk");
}

TEST_CASE("the role of an organisation that is not reached looks as if it did not exist") {
  Desk f;
  const std::string page = f.make("clerk", {});
  f.make_tenant("lab");
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"lab", "eye"}, {.role = "auditor"}, f.facts()));
  Browser lab(f.app.port());
  f.log_in_of_tenant(lab, "lab", "eye");
  CHECK(lab.get("/admin/roles").status == 200);
  CHECK(lab.get("/admin/roles?tenant=main").status == 404);
  CHECK(lab.get(page).status == 404);
  CHECK_FALSE(has(lab.get("/admin/roles").body, "clerk"));
}

TEST_CASE("nobody gives a permission that the own context lacks: the box is disabled, and a forged one is refused") {
  Desk f;
  f.make("keeper", {"manage_contexts", "read_accounts"});
  const std::string higher = f.make("higher", {"manage_accounts"});
  const std::string lower = f.make("lower", {"read_accounts"});
  Browser kim(f.app.port());
  f.log_in_with(kim, "keeper");
  const Reply form = kim.get("/admin/roles/new");
  CHECK(has(form.body, "name=\"permission:manage_accounts\" value=\"yes\" disabled"));
  CHECK(has(form.body, "You do not have this yourself"));
  CHECK_FALSE(has(form.body, "name=\"permission:read_accounts\" value=\"yes\" disabled"));
  const Reply forged =
      kim.submit(form.form("/admin/roles/new"), {{"name", "Mine"}, {"permission:manage_accounts", "yes"}});
  CHECK(forged.status == 403);
  CHECK(has(kim.get(higher).body, "This allows more than you may do yourself."));
  CHECK(f.force(kim, "chief.main", higher + "/change", {{"name", "Low"}, {"version", "1"}, {"confirmed", "yes"}})
            .status == 403);
  CHECK(f.force(kim, "chief.main", lower + "/change",
                {{"name", "Low"}, {"permission:manage_accounts", "yes"}, {"version", "1"}, {"confirmed", "yes"}})
            .status == 403);
  CHECK(f.find(lower).permissions == rights::personal_permissions.with({rights::Permission::read_accounts}));
  CHECK(f.find(higher).name == "higher");
}

TEST_CASE("what belongs to the installation is in no form, and sent nevertheless it gives nothing") {
  Desk f;
  const Reply form = f.ada.get("/admin/roles/new");
  CHECK_FALSE(has(form.body, "permission:administer_all"));
  const Reply made = f.ada.submit(
      form.form("/admin/roles/new"),
      {{"name", "Zoë"}, {"permission:administer_all", "yes"}, {"permission:manage_keys", "yes"}, {"tenant_id", "x"}});
  REQUIRE(made.status == 303);
  const std::string page = made.location().substr(0, made.location().find('?'));
  CHECK(f.find(page).key == "zoe");
  CHECK(f.find(page).permissions == rights::personal_permissions);
}

TEST_CASE("the list shows the built-in roles and what each permission means, in the person's language") {
  Desk f;
  f.make("clerk", {"read_accounts"});
  const Reply page = f.ada.get("/admin/roles");
  CHECK(has(page.body, "Account administrator"));
  CHECK(has(page.body, "Unlock accounts and start a reset of their passwords."));
  CHECK(has(page.body, ">clerk</a>"));
  CHECK(has(f.ada.get("/admin/roles?lang=pl").body, "Administrator kont"));
  CHECK_FALSE(has(f.ada.get("/admin/roles/new").body, "name=\"permission:own_data\""));
}

TEST_CASE(
    "before a role is changed, the page says which contexts and how many accounts it concerns, and what changes") {
  Desk f;
  const std::string page = f.make("clerk", {"read_accounts"});
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"", "desk"}, {.role = "clerk"}, f.facts()));
  REQUIRE(flow::add_context(f.app.house(), f.by, {"jan.nowak", "desk"}, f.facts()));
  REQUIRE(flow::add_context(f.app.house(), f.by, {"anna.kowalska", "desk"}, f.facts()));
  const Reply asked = f.preview(f.ada, page, {{"name", "Clerk"}, {"permission:read_audit", "yes"}});
  CHECK(has(asked.body, "1 context has this role."));
  CHECK(has(asked.body, "2 accounts are concerned."));
  CHECK(has(asked.body, "They may do more: audit log."));
  CHECK(f.find(page).name == "clerk");
  CHECK(f.ada.submit(asked.form(page + "/change"), {}).status == 303);
  CHECK(f.find(page).name == "Clerk");
  CHECK(f.find(page).permissions.has(rights::Permission::read_audit));
}

TEST_CASE("nobody takes the permission to change roles from the own session") {
  Desk f;
  const std::string page = f.make("keeper", {"manage_contexts", "read_accounts"});
  Browser kim(f.app.port());
  f.log_in_with(kim, "keeper");
  const Reply asked = f.preview(kim, page, {{"name", "keeper"}, {"permission:read_accounts", "yes"}});
  // The box that was set is still set in the form that the test sends; the forged one has it not.
  const Fields forged{{"name", "keeper"}, {"permission:read_accounts", "yes"}, {"version", "1"}, {"confirmed", "yes"}};
  CHECK(asked.status == 200);
  CHECK(f.force(kim, "chief.main", page + "/change", forged).status == 409);
  CHECK(has(f.force(kim, "chief.main", page + "/change",
                    {{"name", "keeper"}, {"permission:read_accounts", "yes"}, {"version", "1"}})
                .body,
            "would lock yourself out"));
  CHECK(f.find(page).permissions.has(rights::Permission::manage_contexts));
}

TEST_CASE("the second of two who change a role is told what changed") {
  Desk f;
  const std::string page = f.make("clerk", {"read_accounts"});
  const auto form = f.ada.get(page).form(page + "/change");
  f.ada.submit(f.preview(f.ada, page, {{"name", "Clerk"}}).form(page + "/change"), {});
  const Reply second = f.ada.submit(form, {{"name", "Writer"}});
  CHECK(second.status == 409);
  CHECK(has(second.body, "<strong>Name</strong>: clerk → Clerk"));
  CHECK(has(second.body, "value=\"Writer\""));
  CHECK(f.find(page).name == "Clerk");
}

TEST_CASE("a role that a context has is not deleted; one that none has is, after a question with a reason") {
  Desk f;
  const std::string page = f.make("clerk", {});
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"", "desk"}, {.role = "clerk"}, f.facts()));
  CHECK(has(f.ada.get(page).body, "Give them another one before you delete it."));
  CHECK(f.force(f.ada, "admin", page + "/delete", {{"reason", "other"}}).status == 409);
  REQUIRE(flow::delete_acting_context(f.app.house(), f.by, {"", "desk"}, f.facts()));
  const Reply asked = f.ada.submit(f.ada.get(page).form(page + "/delete"), {});
  f.ada.submit(f.ada.get(asked.location()).form(page + "/delete"), {{"reason", "mistake"}});
  CHECK(f.ada.get(page).status == 404);
}

TEST_CASE("a role without a name, or with a key that is taken, is not made") {
  Desk f;
  f.make("clerk", {});
  const auto submit = [&](const Fields& typed) {
    return f.ada.submit(f.ada.get("/admin/roles/new").form("/admin/roles/new"), typed);
  };
  CHECK(submit({{"name", ""}}).status == 422);
  CHECK(has(submit({{"name", "Clerk"}}).body, "There is a role with this short name already."));
  CHECK(has(submit({{"name", "Auditor"}, {"key", "auditor"}}).body, "There is a role with this short name already."));
  CHECK(has(submit({{"name", "Odd"}, {"key", "Odd One"}}).body, "a small letter first"));
}
