// The pages of resource servers through the whole server: refusals first.
#include <doctest/doctest.h>

#include "door/settings_fixture.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/resource/administer_resources.hpp"
#include "flow/tenant/administer_contexts.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;
using rights::ItemKind;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* identifier = "https://results.example.org/";

struct Desk : SettingsDesk {
  Desk() {
    const auto made = flow::create_resource(app.house(), by, {"", identifier}, {.name = "Results"}, facts());
    REQUIRE(made);
    page = "/admin/resources/" + made->to_string();
  }
  [[nodiscard]] flow::ResourceDetails find() const {
    return flow::find_resource_details(app.house(), by, identifier).value();
  }
  [[nodiscard]] flow::Conditions rule_of(ItemKind kind, std::string_view name) const {
    const auto details = find();
    const auto* item = rights::find_item(details.server, kind, name);
    REQUIRE(item != nullptr);
    return flow::print_conditions(item->rule, details.names);
  }
  Reply submit_item(const std::string& query, const Fields& typed) {
    return ada.submit(ada.get(page + "/item?" + query).form(page + "/item"), typed);
  }
  std::string page;
};

}  // namespace

TEST_CASE("without the permission no page of resource servers is shown, and a forged form does nothing") {
  Desk f;
  Browser anna(f.app.port());
  door::log_in_anna(anna);
  CHECK_FALSE(has(anna.get("/account").body, "/admin/resources"));
  for (const std::string& path : {std::string("/admin/resources"), std::string("/admin/resources/new"), f.page,
                                  f.page + "/item", f.page + "/item?kind=role"}) {
    CHECK(anna.get(path).status == 403);
  }
  const Fields wish{{"name", "x"},  {"kind", "scope"}, {"new", "yes"},
                    {"who", "all"}, {"version", "0"},  {"reason", "asked"}};
  for (const char* form : {"/change", "/delete", "/item", "/remove"}) {
    CHECK(f.force(anna, "anna.kowalska", f.page + form, wish).status == 403);
  }
  CHECK(f.force(anna, "anna.kowalska", "/admin/resources/new", wish).status == 403);
  CHECK(f.find().server.name == "Results");
  CHECK(f.find().server.items.empty());
}

TEST_CASE("a resource server is registered on its page, and what is wrong is marked at its field") {
  Desk f;
  const auto submit = [&](const Fields& typed) {
    return f.ada.submit(f.ada.get("/admin/resources/new").form("/admin/resources/new"), typed);
  };
  const Reply bad = submit({{"identifier", "results"}, {"name", ""}});
  CHECK(bad.status == 422);
  CHECK(has(bad.body, "The identifier is an absolute address without spaces"));
  CHECK(has(bad.body, "Please enter a name."));
  CHECK(has(bad.body, "value=\"results\""));
  CHECK(has(submit({{"identifier", identifier}, {"name", "Other"}}).body,
            "There is a resource server with this identifier already."));
  CHECK(has(submit({{"identifier", "urn:example:x"}, {"name", "X"}, {"client", "nobody"}}).body,
            "There is no such application."));
  const std::string own = f.app.house().settings.site.issuer + "/api/v1";
  CHECK(has(submit({{"identifier", own}, {"name", "X"}}).body, "This is an address of this server itself."));
  const Reply made = submit({{"identifier", "urn:example:x"}, {"name", "X"}, {"client", "demo-lab"}});
  REQUIRE(made.status == 303);
  const Reply page = f.ada.get(made.location());
  CHECK(has(page.body, "The resource server X is registered. Now add its scopes."));
  CHECK(has(f.ada.get("/admin/resources").body, "urn:example:x"));
  CHECK(has(f.ada.get("/admin/resources?lang=pl").body, "Serwery zasobów"));
}

TEST_CASE("a scope is given to the kinds, contexts, groups and applications that the form names") {
  Desk f;
  REQUIRE(flow::create_group(f.app.house(), f.by, {"", "head physicians"}, f.facts()));
  REQUIRE(f.submit_item("kind=scope", {{"name", "results:read"},
                                       {"title", "Read results"},
                                       {"who", "some"},
                                       {"kind:employee", "yes"},
                                       {"context:user", "yes"},
                                       {"groups", "Head physicians\r\n"},
                                       {"clients", "demo-lab\r\ndemo-portal"}})
              .status == 303);
  CHECK(f.rule_of(ItemKind::scope, "results:read") == flow::Conditions{"kind:employee", "context:user",
                                                                       "group:head physicians", "client:demo-lab",
                                                                       "client:demo-portal"});
  const Reply page = f.ada.get(f.page);
  CHECK(has(page.body, "kind: employee; context: "));
  CHECK(has(page.body, "group: head physicians; application: demo-lab, demo-portal"));
  const Reply form = f.ada.get(f.page + "/item?kind=scope&name=results%3Aread");
  CHECK(has(form.body, "name=\"kind:employee\" value=\"yes\" checked"));
  CHECK(has(form.body, "head physicians"));
  // "Everybody" takes the place of the conditions, whatever is still filled in.
  REQUIRE(f.submit_item("kind=scope&name=results%3Aread", {{"who", "all"}}).status == 303);
  CHECK(f.rule_of(ItemKind::scope, "results:read") == flow::Conditions{"all"});
}

TEST_CASE("what a rule names and does not exist is said with its name, and nothing is saved") {
  Desk f;
  const auto submit = [&](const Fields& more) {
    Fields typed{{"name", "results:read"}, {"who", "some"}};
    typed.insert(typed.end(), more.begin(), more.end());
    return f.submit_item("kind=scope", typed);
  };
  CHECK(has(submit({{"groups", "nurses"}}).body, "The organisation has no group nurses."));
  CHECK(has(submit({{"clients", "demo-lab\nnobody"}}).body, "There is no application nobody."));
  CHECK(has(submit({}).body, "Please say who gets it, or choose &quot;Nobody&quot;."));
  CHECK(has(submit({{"context:gone", "yes"}}).body, "Something that you have chosen is not there any more."));
  CHECK(has(f.submit_item("kind=scope", {{"name", "openid"}, {"who", "all"}}).body, "A scope has a colon"));
  CHECK(has(f.submit_item("kind=scope", {{"name", "audit:write"}, {"who", "all"}}).body,
            "This scope belongs to this server itself."));
  CHECK(f.find().server.items.empty());
}

TEST_CASE("a role gives permissions, and a permission that it gives is not removed") {
  Desk f;
  REQUIRE(f.submit_item("kind=scope", {{"name", "results:write"}, {"who", "all"}}).status == 303);
  REQUIRE(f.submit_item("kind=permission", {{"name", "results.correct"}, {"who", "nobody"}, {"scope", "results:write"}})
              .status == 303);
  REQUIRE(
      f.submit_item(
           "kind=role",
           {{"name", "head"}, {"who", "some"}, {"context:administrator", "yes"}, {"permission:results.correct", "yes"}})
          .status == 303);
  CHECK(has(f.ada.get(f.page).body, "with the role head"));
  const auto details = f.find();
  CHECK(rights::find_item(details.server, ItemKind::role, "head")->permissions ==
        std::vector<std::string>{"results.correct"});
  CHECK(rights::find_item(details.server, ItemKind::permission, "results.correct")->scope == "results:write");
  const auto remove = [&](const std::string& kind, const std::string& name) {
    const std::string question = f.page + "?confirm=remove&kind=" + kind + "&name=" + name;
    return f.ada.submit(f.ada.get(question).form(f.page + "/remove"), {{"reason", "asked"}});
  };
  const Reply refused = remove("permission", "results.correct");
  CHECK(refused.status == 409);
  CHECK(has(refused.body, "A permission or a role here refers to it."));
  CHECK(remove("role", "head").status == 303);
  CHECK(remove("permission", "results.correct").status == 303);
  CHECK(f.find().server.items.size() == 1);
}

TEST_CASE("a form that was filled in for an older state changes nothing") {
  Desk f;
  const Reply old = f.ada.get(f.page);
  const Reply old_item = f.ada.get(f.page + "/item?kind=role");
  REQUIRE(flow::change_resource(f.app.house(), f.by, identifier, {.name = "Findings"}, f.facts()));
  const Reply conflict = f.ada.submit(old.form(f.page + "/change"), {{"name", "Outcomes"}});
  CHECK(conflict.status == 409);
  CHECK(has(conflict.body, "Findings"));
  CHECK(f.ada.submit(old_item.form(f.page + "/item"), {{"name", "head"}, {"who", "nobody"}}).status == 409);
  CHECK(f.find().server.name == "Findings");
  CHECK(f.find().server.items.empty());
}

TEST_CASE("an old proof is asked for in the form, and a deletion asks once with a reason") {
  Desk f;
  f.outdate_proof();
  const Reply refused = f.submit_item("kind=role", {{"name", "head"}, {"who", "nobody"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "id=\"password\""));
  REQUIRE(f.submit_item("kind=role", {{"name", "head"}, {"who", "nobody"}, {"password", SettingsDesk::adas_password}})
              .status == 303);
  const Reply asked = f.ada.submit(f.ada.get(f.page).form(f.page + "/delete"), {});
  CHECK(asked.status == 303);
  CHECK(f.find().server.name == "Results");
  const Reply done =
      f.ada.submit(f.ada.get(f.page + "?confirm=delete").form(f.page + "/delete"), {{"reason", "asked"}});
  CHECK(done.location() == "/admin/resources?done=delete");
  CHECK(f.ada.get(f.page).status == 404);
}

TEST_CASE("the resource server of an organisation that is not reached looks as if it did not exist") {
  Desk f;
  f.make_tenant("lab");
  REQUIRE(flow::create_acting_context(f.app.house(), f.by, {"lab", "keeper"}, {.role = "application_administrator"},
                                      f.facts()));
  Browser lab(f.app.port());
  f.log_in_of_tenant(lab, "lab", "keeper");
  CHECK(lab.get("/admin/resources").status == 200);
  CHECK_FALSE(has(lab.get("/admin/resources").body, identifier));
  CHECK(lab.get("/admin/resources?tenant=main").status == 404);
  CHECK(lab.get(f.page).status == 404);
  CHECK(lab.get(f.page + "/item?kind=role").status == 404);
  CHECK(f.force(lab, "chief.lab", f.page + "/change", {{"name", "X"}, {"version", "0"}}).status == 404);
  CHECK(f.find().server.name == "Results");
}
