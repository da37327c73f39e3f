// The pages of groups through the whole server: refusals first, then the life of a group.
#include <doctest/doctest.h>

#include "door/settings_fixture.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/password/administer_policies.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;

struct Desk : SettingsDesk {
  std::string make_group(const std::string& name, const std::string& tenant = "") {
    const auto made = flow::create_group(app.house(), by, {tenant, name}, facts());
    REQUIRE(made);
    return "/admin/groups/" + made->to_string();
  }
  [[nodiscard]] std::string name_of(const std::string& page) const {
    const std::string id = page.substr(page.rfind('/') + 1);
    return flow::find_group_details(app.house(), by, {"", id}).value().row.name;
  }
};

}  // namespace

TEST_CASE("without the permission there is neither a menu entry nor a page of groups, and every form is refused") {
  Desk f;
  const std::string group = f.make_group("nurses");
  Browser jan(f.app.port());
  door::log_in_jan(jan);
  CHECK_FALSE(has(jan.get("/account").body, "/admin/groups"));
  CHECK(has(f.ada.get("/account").body, "/admin/groups"));
  for (const std::string& path : {std::string("/admin/groups"), group}) CHECK(jan.get(path).status == 403);
  CHECK(f.force(jan, "jan.nowak", "/admin/groups/new", {{"name", "x"}}).status == 403);
  for (const char* action : {"/rename", "/delete", "/add", "/remove"}) {
    CAPTURE(action);
    CHECK(f.force(jan, "jan.nowak", group + action, {{"name", "x"}, {"login", "anna.kowalska"}}).status == 403);
  }
  CHECK(f.name_of(group) == "nurses");
  CHECK(f.app.events("group_change").empty());
}

TEST_CASE("the group of an organisation that is not reached looks as if it did not exist") {
  Desk f;
  f.make_tenant("lab");
  const std::string group = f.make_group("porters");
  Browser lab(f.app.port());
  f.log_in_of_tenant(lab, "lab");
  CHECK(lab.get(group).status == 404);
  CHECK_FALSE(has(lab.get("/admin/groups").body, "porters"));
  CHECK(lab.get("/admin/groups?tenant=main").status == 404);
  CHECK(f.force(lab, "chief.lab", "/admin/groups/new", {{"name", "smuggled"}, {"tenant", "main"}}).status == 404);
  CHECK(lab.get("/admin/groups/00000000-0000-7000-8000-000000000000").status == 404);
  CHECK(f.name_of(group) == "porters");
}

TEST_CASE("a group is created, found, renamed and deleted, and each step is recorded once") {
  Desk f;
  const Reply made = f.ada.submit(f.ada.get("/admin/groups").form("/admin/groups/new"), {{"name", "Nurses"}});
  REQUIRE(made.status == 303);
  const std::string group = made.location().substr(0, made.location().find('?'));
  CHECK(has(f.ada.get(made.location()).body, "The group Nurses is created"));
  CHECK(has(f.ada.get("/admin/groups?text=URS").body, group));
  CHECK_FALSE(has(f.ada.get("/admin/groups?text=porter").body, group));
  CHECK(f.ada.get("/admin/groups?next=a&previous=b").status == 400);
  f.ada.submit(f.ada.get(group).form(group + "/rename"), {{"name", "night nurses"}});
  CHECK(f.name_of(group) == "night nurses");
  const Reply asked = f.ada.submit(f.ada.get(group).form(group + "/delete"), {});
  CHECK(has(f.ada.get(asked.location()).body, "It has no members."));
  const Reply again = f.ada.submit(f.ada.get(asked.location()).form(group + "/delete"), {{"reason", ""}});
  CHECK(has(f.ada.get(again.location()).body, "choose"));
  f.ada.submit(f.ada.get(asked.location()).form(group + "/delete"), {{"reason", "asked"}});
  CHECK(f.ada.get(group).status == 404);
  CHECK(f.app.events("group_create").size() == 1);
  CHECK(has(f.app.events("group_change").front().data, R"("change":"renamed","new":"night nurses")"));
  CHECK(has(f.app.events("group_delete").front().data, R"("motive":"asked")"));
}

TEST_CASE("what is wrong with a group's name is said, and what was typed stays") {
  Desk f;
  const std::string group = f.make_group("nurses");
  f.make_group("porters");
  for (const char* name : {"", "all", "00000000-0000-7000-8000-000000000000"}) {
    CAPTURE(name);
    const Reply refused = f.ada.submit(f.ada.get("/admin/groups").form("/admin/groups/new"), {{"name", name}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "A name has 1 to 100 characters"));
  }
  const Reply taken = f.ada.submit(f.ada.get(group).form(group + "/rename"), {{"name", "Porters"}});
  CHECK(taken.status == 422);
  CHECK(has(taken.body, "There is a group with this name already."));
  CHECK(has(taken.body, "value=\"Porters\""));
  const std::string script = f.make_group("<script>alert(1)</script>");
  CHECK_FALSE(has(f.ada.get(script).body, "<script>alert"));
  CHECK_FALSE(has(f.ada.get("/admin/groups").body, "<script>alert"));
}

TEST_CASE("the second of two who rename a group is told the name that it has now") {
  Desk f;
  const std::string group = f.make_group("nurses");
  const auto form = f.ada.get(group).form(group + "/rename");
  f.ada.submit(f.ada.get(group).form(group + "/rename"), {{"name", "carers"}});
  const Reply second = f.ada.submit(form, {{"name", "helpers"}});
  CHECK(second.status == 409);
  CHECK(has(second.body, "Somebody else has renamed this group"));
  CHECK(has(second.body, "<h1>carers</h1>"));
  CHECK(f.name_of(group) == "carers");
}

TEST_CASE("members are added by login and removed after a question, but not oneself and nobody with more rights") {
  Desk f;
  const std::string group = f.make_group("nurses");
  const auto add = [&](Browser& who, const std::string& login) {
    return who.submit(who.get(group).form(group + "/add"), {{"login", login}});
  };
  CHECK(has(f.ada.get(add(f.ada, "jan.nowak").location()).body, "The account is now a member."));
  CHECK(has(f.ada.get(add(f.ada, "jan.nowak").location()).body, "was a member already"));
  CHECK(add(f.ada, "nobody.here").status == 422);
  CHECK(add(f.ada, "admin").status == 403);
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK(add(anna, "admin").status == 403);
  const Reply page = f.ada.get(group);
  CHECK(has(page.body, "Jan Nowak"));
  const Reply asked = f.ada.submit(page.form(group + "/remove"), {});
  REQUIRE(has(asked.location(), "?confirm=remove"));
  CHECK(has(f.ada.get(group).body, "Jan Nowak"));
  CHECK(has(f.ada.get(asked.location()).body, "Remove jan.nowak from the group nurses?"));
  f.ada.submit(f.ada.get(asked.location()).form(group + "/remove"), {});
  CHECK_FALSE(has(f.ada.get(group).body, "Jan Nowak"));
  CHECK(f.app.events("group_change").size() == 2);
}

TEST_CASE("an account of another organisation is not added, although the actor reaches both") {
  Desk f;
  f.make_tenant("lab");
  const std::string group = f.make_group("nurses", "lab");
  const Reply refused = f.ada.submit(f.ada.get(group).form(group + "/add"), {{"login", "jan.nowak"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "The organisation of this group has no such account."));
  CHECK(f.app.events("group_change").empty());
}

TEST_CASE("a group to which a policy is bound is not deleted, and its page says why") {
  Desk f;
  const std::string group = f.make_group("nurses");
  REQUIRE(flow::set_policy(f.app.house(), f.by, {"long", "nist-800-63b", {}}, f.facts()));
  REQUIRE(flow::bind_policy(f.app.house(), f.by, {"long", store::PolicyScope::group, "nurses"}, f.facts()));
  const Reply page = f.ada.get(group);
  CHECK(has(page.body, "Take the group out there first"));
  CHECK_FALSE(has(page.body, "action=\"" + group + "/delete\""));
  CHECK(f.name_of(group) == "nurses");
}

TEST_CASE("without a fresh proof no group is changed, and the typed name stays in the form") {
  Desk f;
  const std::string group = f.make_group("nurses");
  f.outdate_proof();
  const Reply refused = f.ada.submit(f.ada.get(group).form(group + "/rename"), {{"name", "carers"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "value=\"carers\""));
  CHECK(f.name_of(group) == "nurses");
  const auto form = f.ada.get(group).form(group + "/rename");
  CHECK(f.ada.submit(form, {{"name", "carers"}, {"password", SettingsDesk::adas_password}}).status == 303);
  CHECK(f.name_of(group) == "carers");
}
