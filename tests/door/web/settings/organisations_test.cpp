// The pages of organisations through the whole server: refusals first, then the tree, a new one, and its look.
#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "door/settings_fixture.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Desk : SettingsDesk {
  [[nodiscard]] flow::TenantLook find(const std::string& key) const {
    return flow::find_tenant_look(app.house(), by, key).value();
  }
  [[nodiscard]] std::string page_of(const std::string& key) const {
    return "/admin/tenants/" + find(key).id.to_string();
  }
  /// An administrator of the organisation who may change organisations, and nothing else.
  void log_in_steward(Browser& browser, const std::string& tenant) const {
    REQUIRE(flow::create_role(app.house(), by, {tenant, "steward"},
                              {.permissions = std::vector<std::string>{"manage_tenants"}}, facts()));
    REQUIRE(flow::create_acting_context(app.house(), by, {tenant, "steward"}, {.role = "steward"}, facts()));
    log_in_of_tenant(browser, tenant, "steward");
  }
  Reply preview(Browser& who, const std::string& page, const Fields& typed) {
    return who.submit(who.get(page).form(page + "/change"), typed);
  }
};

}  // namespace

TEST_CASE("without the permission no page of organisations is shown, and no form changes one") {
  Desk f;
  const std::string page = f.page_of("main");
  const std::string name = f.find("main").name;
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, "/admin/tenants"));
  for (const std::string& path : {std::string("/admin/tenants"), std::string("/admin/tenants/new"), page})
    CHECK(anna.get(path).status == 403);
  const Fields wish{{"name", "Taken over"}, {"version", "1"}, {"confirmed", "yes"}};
  CHECK(f.force(anna, "anna.kowalska", page + "/change", wish).status == 403);
  CHECK(f.force(anna, "anna.kowalska", page + "/logo").status == 403);
  CHECK(f.force(anna, "anna.kowalska", page + "/remove-logo", {{"confirmed", "yes"}}).status == 403);
  CHECK(f.force(anna, "anna.kowalska", "/admin/tenants/new", wish).status == 403);
  CHECK(f.find("main").name == name);
}

TEST_CASE("whoever administers one organisation sees it and those below it, and no other one") {
  Desk f;
  f.make_tenant("clinic");
  f.make_tenant("ward", "clinic");
  f.make_tenant("practice");
  Browser steward(f.app.port());
  f.log_in_steward(steward, "clinic");
  const Reply list = steward.get("/admin/tenants");
  CHECK(has(list.body, f.page_of("clinic")));
  CHECK(has(list.body, f.page_of("ward")));
  CHECK_FALSE(has(list.body, f.page_of("practice")));
  CHECK_FALSE(has(list.body, f.page_of("main")));
  CHECK(steward.get(f.page_of("practice")).status == 404);
  CHECK(steward.get(f.page_of("main")).status == 404);
  const Fields wish{{"name", "Lost"}, {"version", "1"}, {"confirmed", "yes"}};
  CHECK(f.force(steward, "chief.clinic", f.page_of("main") + "/change", wish).status == 404);
  CHECK(f.force(steward, "chief.clinic", "/admin/tenants/new", {{"name", "Lost"}, {"tenant", "main"}}).status == 404);
  CHECK(f.force(steward, "chief.clinic", "/admin/tenants/new", {{"name", "Found"}, {"tenant", "ward"}}).status == 303);
  CHECK(f.find("found").parent_id == f.find("ward").id);
}

TEST_CASE("an organisation is created below another one, with a key made of its name") {
  Desk f;
  const auto submit = [&](const Fields& typed) {
    return f.ada.submit(f.ada.get("/admin/tenants/new").form("/admin/tenants/new"), typed);
  };
  CHECK(submit({{"name", ""}}).status == 422);
  CHECK(has(submit({{"name", "X"}, {"key", "Not A Key"}}).body, "a small letter first"));
  CHECK(has(submit({{"name", "X"}, {"key", "main"}}).body, "There is an organisation with this short name already."));
  CHECK(submit({{"name", "X"}, {"locale", "xx"}}).status == 422);
  const Reply made = submit({{"name", "Przychodnia Łódź"}, {"locale", "pl"}});
  REQUIRE(made.status == 303);
  CHECK(has(f.ada.get(made.location()).body, "Przychodnia Łódź is created."));
  CHECK(f.find("przychodnia-lodz").locale == "pl");
  CHECK(f.find("przychodnia-lodz").parent_id == f.find("main").id);
  CHECK(f.app.events("tenant_create").size() == 1);
}

TEST_CASE("colours are shown before they are saved, and the page says which one is moved so that words can be read") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  CHECK(has(f.preview(f.ada, page, {{"name", "clinic"}, {"accent", "blue"}}).body, "Write a colour like #0b5cad."));
  const Reply asked =
      f.preview(f.ada, page, {{"name", "clinic"}, {"accent", "#ffee00"}, {"brand_name", "Lake clinic"}});
  CHECK(asked.status == 200);
  CHECK(has(asked.body, "Words in #ffee00 could not be read on light pages"));
  CHECK(has(asked.body, "<svg viewBox"));
  CHECK(f.find("clinic").brand.accent.empty());
  CHECK(f.app.events("tenant_change").empty());
  CHECK(f.ada.submit(asked.form(page + "/change"), {}).status == 303);
  CHECK(f.find("clinic").brand.accent == "#ffee00");
  CHECK(f.find("clinic").brand_name == "Lake clinic");
}

TEST_CASE("an organisation chooses on its page whether people are told when somebody acts for them") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  CHECK(has(f.ada.get(page).body, "<dd>as the organisation above, or as the installation</dd>"));
  CHECK(f.preview(f.ada, page, {{"name", "clinic"}, {"acting_told", "maybe"}}).status == 422);
  const Reply asked = f.preview(f.ada, page, {{"name", "clinic"}, {"acting_told", "no"}});
  CHECK_FALSE(f.find("clinic").acting_told);
  CHECK(f.ada.submit(asked.form(page + "/change"), {}).status == 303);
  CHECK(f.find("clinic").acting_told == std::optional(false));
  // Another change leaves it as it is.
  CHECK(f.ada.submit(f.preview(f.ada, page, {{"name", "Lake"}}).form(page + "/change"), {}).status == 303);
  CHECK(f.find("clinic").acting_told == std::optional(false));
}

TEST_CASE("the second of two who change an organisation is told what changed") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  const auto form = f.ada.get(page).form(page + "/change");
  f.ada.submit(f.preview(f.ada, page, {{"name", "Lake clinic"}}).form(page + "/change"), {});
  const Reply second = f.ada.submit(form, {{"name", "Hill clinic"}});
  CHECK(second.status == 409);
  CHECK(has(second.body, "<strong>Name</strong>: clinic → Lake clinic"));
  CHECK(has(second.body, "value=\"Hill clinic\""));
  CHECK(f.find("clinic").name == "Lake clinic");
}

TEST_CASE("fields that no form has change nothing: neither the key, nor what stands above, nor the logo") {
  Desk f;
  f.make_tenant("clinic");
  const auto before = f.find("clinic");
  const std::string page = f.page_of("clinic");
  const Fields sent{{"name", "Lake"},       {"key", "other"},   {"parent", ""},   {"parent_id", ""},
                    {"logo_svg", "<svg/>"}, {"settings", "{}"}, {"version", "1"}, {"confirmed", "yes"}};
  CHECK(f.force(f.ada, "admin", page + "/change", sent).status == 303);
  const auto after = f.find("clinic");
  CHECK(after.name == "Lake");
  CHECK(after.key == "clinic");
  CHECK(after.parent_id == before.parent_id);
  CHECK(after.brand.logo_svg.empty());
}

TEST_CASE("without a fresh proof an organisation is previewed and not changed until the password is right") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  f.outdate_proof();
  const Reply asked = f.preview(f.ada, page, {{"name", "Lake clinic"}});
  CHECK(f.ada.submit(asked.form(page + "/change"), {}).status == 422);
  CHECK(f.find("clinic").name == "clinic");
  CHECK(f.ada.submit(asked.form(page + "/change"), {{"password", SettingsDesk::adas_password}}).status == 303);
  CHECK(f.find("clinic").name == "Lake clinic");
}

TEST_CASE("a logo that is sent is judged, and one that is stored is removed after a question") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  CHECK(f.force(f.ada, "admin", page + "/logo").status == 422);  // no file
  // The file is shown before it is saved; what is confirmed is judged again.
  const std::string picture = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle r="4"/></svg>)";
  const auto confirm = [&](const std::string& svg, const std::string& version = "1") {
    const std::string octets = base::to_base64url(svg);
    return f.force(f.ada, "admin", page + "/logo", {{"logo", octets}, {"version", version}, {"confirmed", "yes"}});
  };
  const std::string octets = base::to_base64url(picture);
  const Reply shown = f.force(f.ada, "admin", page + "/logo", {{"logo", octets}});
  CHECK(shown.status == 200);
  CHECK(has(shown.body, "href=\"data:image/svg+xml;base64," + base::to_base64(picture) + "\""));
  CHECK(has(shown.body, "name=\"logo\" value=\"" + octets + "\""));
  CHECK(f.find("clinic").brand.logo_svg.empty());
  CHECK(confirm("<svg><script>x()</script></svg>").status == 422);
  CHECK(f.find("clinic").brand.logo_svg.empty());
  CHECK(confirm(picture, "0").status == 409);
  CHECK(f.find("clinic").brand.logo_svg.empty());
  CHECK(confirm(picture).status == 303);
  CHECK(f.find("clinic").brand.logo_svg == picture);
  flow::TenantWish wish;
  wish.logo_svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>)";
  REQUIRE(flow::change_tenant(f.app.house(), f.by, "clinic", wish, f.facts()));
  const Reply asked = f.ada.submit(f.ada.get(page).form(page + "/remove-logo"), {});
  CHECK(has(f.ada.get(asked.location()).body, "Remove the logo?"));
  CHECK_FALSE(f.find("clinic").brand.logo_svg.empty());
  f.ada.submit(f.ada.get(asked.location()).form(page + "/remove-logo"), {});
  CHECK(f.find("clinic").brand.logo_svg.empty());
}

TEST_CASE("an organisation in which something is left has no button, and says with a link what is left") {
  Desk f;
  f.make_tenant("clinic");
  f.make_tenant("ward", "clinic");
  flow::NewAccount wish;
  wish.tenant = "clinic";
  wish.login = "jan.clinic";
  wish.given_name = "Jan";
  wish.family_name = "Nowak";
  wish.email = "jan@clinic.example";
  wish.password = base::Secret("Heather-Bridge-2026");
  f.app.add_account(wish);
  const std::string page = f.page_of("clinic");
  const Reply shown = f.ada.get(page);
  CHECK(has(shown.body, ">jan.clinic</a>"));
  CHECK(has(shown.body, "href=\"" + f.page_of("ward") + "\""));
  CHECK_FALSE(has(shown.body, page + "/delete"));
  // A page that was open before somebody came.
  CHECK(f.force(f.ada, "admin", page + "/delete", {{"confirmed", "yes"}}).status == 409);
  CHECK(f.find("clinic").key == "clinic");
  const Reply first = f.ada.get(f.page_of("main"));
  CHECK(has(first.body, "is never deleted"));
  CHECK_FALSE(has(first.body, f.page_of("main") + "/delete"));
}

TEST_CASE("an empty organisation is deleted after one question and a proof, and is on no list but the audit log's") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  Browser steward(f.app.port());
  f.make_tenant("office");
  f.log_in_steward(steward, "office");
  CHECK(f.force(steward, "chief.office", page + "/delete").status == 404);
  CHECK(has(steward.get(f.page_of("office")).body, "your own organisation"));
  const Reply asked = f.ada.submit(f.ada.get(page).form(page + "/delete"), {});
  REQUIRE(asked.status == 303);
  CHECK(f.find("clinic").key == "clinic");
  const Reply question = f.ada.get(asked.location());
  CHECK(has(question.body, "Delete the organisation clinic for good?"));
  const Reply gone = f.ada.submit(question.form(page + "/delete"), {});
  REQUIRE_MESSAGE(gone.status == 303, gone.body);
  CHECK(has(f.ada.get(gone.location()).body, "The organisation is deleted."));
  CHECK(f.ada.get(page).status == 404);
  CHECK(f.force(f.ada, "admin", page + "/delete", {{"confirmed", "yes"}}).status == 404);
  CHECK_FALSE(has(f.ada.get("/admin/tenants").body, "clinic"));
  CHECK(has(f.ada.get("/admin/audit").body, "clinic (deleted)"));
  CHECK_FALSE(has(f.ada.get("/admin/groups").body, "clinic"));
}

TEST_CASE("without a fresh proof an organisation stays until it is proven again") {
  Desk f;
  f.make_tenant("clinic");
  const std::string page = f.page_of("clinic");
  f.outdate_proof();
  const Reply reply = f.ada.submit(f.ada.get(page).form(page + "/delete"), {});
  CHECK(reply.status == 303);
  CHECK(has(reply.location(), "/account/confirm"));
  CHECK(f.find("clinic").key == "clinic");
}
