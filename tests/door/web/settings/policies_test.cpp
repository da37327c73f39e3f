// The pages of password policies through the whole server: refusals first, then what a change does before it is made.
#include <doctest/doctest.h>

#include "door/settings_fixture.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/password/preview_policy.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Desk : SettingsDesk {
  [[nodiscard]] std::string make(const std::string& name, const flow::PolicyRules& rules = {},
                                 const std::string& tenant = "") const {
    const auto made = flow::set_policy(app.house(), by, {name, "nist-800-63b", rules, tenant}, facts());
    REQUIRE(made);
    return "/admin/policies/" + made->to_string();
  }
  [[nodiscard]] flow::PolicyDetails find(const std::string& page) const {
    return flow::find_policy_details(app.house(), by, page.substr(page.rfind('/') + 1), base::now()).value();
  }
  [[nodiscard]] std::string make_group(const std::string& name) const {
    const auto made = flow::create_group(app.house(), by, {"", name}, facts());
    REQUIRE(made);
    return "group:" + made->to_string();
  }
  /// What the form of the rules sends if nobody types anything, with these changes.
  [[nodiscard]] static Fields rules(const Fields& changed) {
    Fields all{{"min_length", "15"},   {"min_length_with_second_factor", "8"},
               {"max_length", "128"},  {"required_classes", "0"},
               {"least_score", "3"},   {"history", "0"},
               {"min_age", "0"},       {"max_age", "0"},
               {"remind_before", "0"}, {"temporary_lasts", "24"},
               {"initial_lasts", "7"}, {"expiry_meaning", "change_at_login"}};
    for (const auto& [name, value] : changed) {
      std::erase_if(all, [&](const auto& one) { return one.first == name; });
      all.emplace_back(name, value);
    }
    return all;
  }
  Reply preview(const std::string& page, const std::string& act, const Fields& typed) {
    return ada.submit(ada.get(page).form(page + "/" + act), act == "change" ? rules(typed) : typed);
  }
  Reply confirm(const std::string& page, const std::string& act, const Fields& typed) {
    return ada.submit(preview(page, act, typed).form(page + "/" + act), {});
  }
};

}  // namespace

TEST_CASE("without the permission no page of policies is shown, and no form changes or binds one") {
  Desk f;
  const std::string page = f.make("long");
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, "/admin/policies"));
  for (const std::string& path : {std::string("/admin/policies"), page}) CHECK(anna.get(path).status == 403);
  const Fields wish{{"min_length", "8"}, {"place", "tenant"}, {"version", "1"}, {"confirmed", "yes"}, {"name", "x"}};
  for (const char* act : {"/change", "/bind", "/unbind"}) {
    CAPTURE(act);
    CHECK(f.force(anna, "anna.kowalska", page + act, wish).status == 403);
  }
  CHECK(f.force(anna, "anna.kowalska", "/admin/policies/new", wish).status == 403);
  CHECK(f.find(page).stored.policy.min_length == 15);
  CHECK(f.find(page).bound.empty());
}

TEST_CASE("a policy from above counts below, and is neither seen as one's own nor unbound there") {
  Desk f;
  f.make_tenant("lab");
  const std::string page = f.make("house rules");
  CHECK(f.confirm(page, "bind", {{"place", "tenant"}}).status == 303);
  REQUIRE(flow::create_role(f.app.house(), f.by, {"lab", "keeper"},
                            {.permissions = std::vector<std::string>{"manage_policies"}}, f.facts()));
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"lab", "keeper"}, {.role = "keeper"}, f.facts()));
  Browser lab(f.app.port());
  f.log_in_of_tenant(lab, "lab", "keeper");
  const Reply list = lab.get("/admin/policies");
  CHECK(has(list.body, "not to be unbound here: "));
  CHECK(has(list.body, "house rules"));
  CHECK_FALSE(has(list.body, page));
  CHECK(lab.get(page).status == 404);
  CHECK(f.force(lab, "chief.lab", page + "/unbind", {{"place", "tenant"}, {"confirmed", "yes"}}).status == 404);
  CHECK(lab.get("/admin/policies?tenant=main").status == 404);
  CHECK(f.find(page).bound.size() == 1);
}

TEST_CASE("a policy is created from what is offered, bound to nobody, and its name is taken once") {
  Desk f;
  const auto submit = [&](const Fields& typed) {
    return f.ada.submit(f.ada.get("/admin/policies").form("/admin/policies/new"), typed);
  };
  const Reply made = submit({{"name", "wards"}, {"preset", "classic"}});
  REQUIRE(made.status == 303);
  const std::string page = made.location().substr(0, made.location().find('?'));
  CHECK(has(f.ada.get(made.location()).body, "The policy wards is created."));
  CHECK(f.find(page).stored.policy.max_age == std::chrono::days(30));
  CHECK(f.find(page).bound.empty());
  CHECK(has(submit({{"name", "wards"}}).body, "There is a policy with this name already."));
  CHECK(submit({{"name", ""}}).status == 422);
  CHECK(f.find(page).stored.policy.max_age == std::chrono::days(30));
}

TEST_CASE("rules are changed in days and characters, and what is out of its limits is named at its field") {
  Desk f;
  const std::string page = f.make("long");
  const Reply flawed = f.preview(page, "change", {{"min_length", "7"}, {"max_age", "soon"}});
  CHECK(flawed.status == 422);
  CHECK(has(flawed.body, "out of its limits: Least length, in characters"));
  CHECK(has(flawed.body, "out of its limits: Days until it expires"));
  CHECK(has(flawed.body, "value=\"soon\""));
  CHECK(f.confirm(page, "change", {{"min_length", "20"}, {"max_age", "90"}, {"history_ever", "yes"}}).status == 303);
  const identity::PasswordPolicy policy = f.find(page).stored.policy;
  CHECK(policy.min_length == 20);
  CHECK(policy.max_age == std::chrono::days(90));
  CHECK(policy.history == identity::PasswordPolicy::ever);
  CHECK(policy.initial_lasts == std::chrono::days(7));
  const Fields same{{"min_length", "20"}, {"max_age", "90"}, {"history_ever", "yes"}};
  CHECK(f.preview(page, "change", same).location().ends_with("?done=nothing"));
}

TEST_CASE("a value that a page cannot show in whole days stays as it is unless somebody types another one") {
  Desk f;
  const std::string page = f.make("odd", {{"max_age", "100000"}});
  CHECK(f.confirm(page, "change", {{"min_length", "20"}, {"max_age", "2"}}).status == 303);
  CHECK(f.find(page).stored.policy.max_age == std::chrono::seconds(100000));
}

TEST_CASE("before a policy is bound, the page says for how many accounts it counts, and what it makes stricter") {
  Desk f;
  const std::string page = f.make("long", {{"min_length", "30"}, {"min_length_with_second_factor", "30"}});
  const std::string nurses = f.make_group("nurses");
  REQUIRE(flow::add_member(f.app.house(), f.by, {"nurses", "jan.nowak"}, f.facts()));
  const Reply asked = f.preview(page, "bind", {{"place", nurses}});
  CHECK(has(asked.body, "Now it applies to no account."));
  CHECK(has(asked.body, "Afterwards it applies to 1 account."));
  CHECK(has(asked.body, "No password expires by this."));
  CHECK(has(asked.body, "It makes these rules stricter"));
  CHECK(has(asked.body, "Least length, in characters"));
  CHECK(f.find(page).bound.empty());
  CHECK(f.ada.submit(asked.form(page + "/bind"), {}).status == 303);
  CHECK(f.find(page).bound.size() == 1);
  CHECK(f.find(page).accounts == 1);
  CHECK(f.confirm(page, "unbind", {}).status == 303);
  CHECK(f.find(page).bound.empty());
}

TEST_CASE("a place of another organisation, or none, is not bound") {
  Desk f;
  f.make_tenant("lab");
  const auto ward = flow::create_group(f.app.house(), f.by, {"lab", "ward"}, f.facts());
  REQUIRE(ward);
  const std::string page = f.make("long");
  for (const std::string& place : {"group:" + ward->to_string(), std::string("everywhere"), std::string()}) {
    CAPTURE(place);
    const Reply refused = f.force(f.ada, "admin", page + "/bind", {{"place", place}, {"confirmed", "yes"}});
    CHECK((refused.status == 404 || refused.status == 400));
  }
  CHECK(f.find(page).bound.empty());
}

TEST_CASE("the second of two who change a policy is told what changed") {
  Desk f;
  const std::string page = f.make("long");
  const auto form = f.ada.get(page).form(page + "/change");
  CHECK(f.confirm(page, "change", {{"min_length", "20"}}).status == 303);
  const Reply second = f.ada.submit(form, Desk::rules({{"min_length", "25"}}));
  CHECK(second.status == 409);
  CHECK(has(second.body, "Least length, in characters</strong>: 15 → 20"));
  CHECK(f.find(page).stored.policy.min_length == 20);
}

TEST_CASE("without a fresh proof a policy is previewed and not changed until the password is right") {
  Desk f;
  const std::string page = f.make("long");
  f.outdate_proof();
  const Reply asked = f.preview(page, "change", {{"min_length", "20"}});
  CHECK(f.ada.submit(asked.form(page + "/change"), {}).status == 422);
  CHECK(f.find(page).stored.policy.min_length == 15);
  CHECK(f.ada.submit(asked.form(page + "/change"), {{"password", SettingsDesk::adas_password}}).status == 303);
  CHECK(f.find(page).stored.policy.min_length == 20);
}
