#include "flow/resource/administer_resources.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/audit/read_audit.hpp"
#include "flow/client/search_clients.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/resource/results_fixture.hpp"

using rights::ItemKind;
using testing::ResultsFixture;

TEST_CASE("a resource server is recorded with all that it gives and to whom, and so is its end") {
  ResultsFixture f;
  CHECK(f.detail("resource_create", "resource") == ResultsFixture::identifier);
  CHECK(f.detail("resource_create", "new").find("identifier=https://results.example.org/; name=Results") == 0);
  f.set({ItemKind::scope, "results:read"}, {.rule = {{"kind:employee", "context:user"}}});
  CHECK(f.detail("resource_change", "fields") == "items");
  CHECK(f.detail("resource_change", "old").empty());
  CHECK(f.detail("resource_change", "new") == "items=scope results:read for kind:employee, context:user");
  f.change({ItemKind::scope, "results:read"}, {.rule = {{"all"}}});
  CHECK(f.detail("resource_change", "old") == "items=scope results:read for kind:employee, context:user");
  CHECK(f.detail("resource_change", "new") == "items=scope results:read for all");
  REQUIRE(flow::delete_resource(*f.house, f.operator_actor(), ResultsFixture::identifier, f.facts()));
  CHECK(f.detail("resource_delete", "old").find("items=scope results:read for all") != std::string::npos);
  CHECK(flow::find_resource_details(*f.house, f.operator_actor(), ResultsFixture::identifier).error().code ==
        base::Code::not_found);
}

TEST_CASE("a group that a rule of a resource server names is deleted only when no rule names it any more") {
  ResultsFixture f;
  REQUIRE(flow::create_group(*f.house, f.operator_actor(), {"", "heads"}, f.facts()));
  f.set({ItemKind::scope, "results:read"}, {.rule = {{"group:heads"}}});
  const auto refused = flow::delete_group(*f.house, f.operator_actor(), {"", "heads"}, f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::conflict);
  CHECK(refused.error().reason.find(ResultsFixture::identifier) != std::string::npos);
  CHECK(f.events("group_delete").empty());
  f.change({ItemKind::scope, "results:read"}, {.rule = {{"all"}}});
  CHECK(flow::delete_group(*f.house, f.operator_actor(), {"", "heads"}, f.facts()));
}

TEST_CASE("a change that changes nothing writes no event") {
  ResultsFixture f;
  f.set({ItemKind::scope, "results:read"}, {.rule = {{"all"}}});
  const std::size_t before = f.events().size();
  CHECK_FALSE(flow::change_item(*f.house, f.operator_actor(),
                                {ResultsFixture::identifier, ItemKind::scope, "results:read"},
                                {.rule = {{"all", "all"}}}, f.facts())
                  .value());
  CHECK_FALSE(
      flow::change_resource(*f.house, f.operator_actor(), ResultsFixture::identifier, {.name = "Results"}, f.facts())
          .value());
  CHECK(f.events().size() == before);
  CHECK(flow::change_resource(*f.house, f.operator_actor(), ResultsFixture::identifier, {.description = "of 2026"},
                              f.facts())
            .value());
  CHECK(f.detail("resource_change", "fields") == "description");
}

TEST_CASE("an identifier is taken once, and none of this server's own addresses") {
  ResultsFixture f;
  const auto create = [&](const std::string& identifier) {
    const auto made =
        flow::create_resource(*f.house, f.operator_actor(), {"", identifier}, {.name = "Other"}, f.facts());
    return made ? std::optional<base::Code>() : made.error().code;
  };
  const std::string issuer = f.settings.site.issuer;
  CHECK(create(ResultsFixture::identifier) == base::Code::already_exists);
  CHECK(create(issuer) == base::Code::invalid_input);
  CHECK(create(issuer + "/api/v1") == base::Code::invalid_input);
  CHECK(create("results") == base::Code::invalid_input);
  CHECK_FALSE(create("https://results.example.org"));  // without the slash it is another one
}

TEST_CASE("a rule names only what exists, in words that an administrator knows") {
  ResultsFixture f;
  REQUIRE(flow::create_group(*f.house, f.operator_actor(), {"", "head physicians"}, f.facts()));
  const auto refused = [&](const std::string& condition) {
    const auto changed =
        flow::add_item(*f.house, f.operator_actor(), {ResultsFixture::identifier, ItemKind::role, "head"},
                       {.rule = {{condition}}}, f.facts());
    REQUIRE_FALSE(changed);
    CHECK(changed.error().code == base::Code::invalid_input);
    return changed.error().reason.find("\"" + condition + "\"") != std::string::npos;
  };
  for (const char* condition : {"everybody", "kind:doctor", "context:nobody", "context:a b", "group:nurses",
                                "client:nobody", "user", "", "ALL", "all:"}) {
    CAPTURE(condition);
    CHECK(refused(condition));
  }
  f.set({ItemKind::role, "head"},
        {.rule = {{"client:portal", "group:Head Physicians", "context:user", "kind:employee"}}});
  const auto details = flow::find_resource_details(*f.house, f.operator_actor(), ResultsFixture::identifier).value();
  CHECK(flow::print_conditions(details.server.items.back().rule, details.names) ==
        flow::Conditions{"kind:employee", "context:user", "group:head physicians", "client:portal"});
}

TEST_CASE("what others refer to is not removed, and what is gone is not found") {
  ResultsFixture f;
  f.set({ItemKind::scope, "results:write"}, {.rule = {{"all"}}});
  f.set({ItemKind::permission, "results.correct"}, {.scope = "results:write"});
  f.set({ItemKind::role, "head"}, {.permissions = {{"results.correct"}}});
  const auto remove = [&](ItemKind kind, const std::string& name) {
    const auto gone =
        flow::remove_item(*f.house, f.operator_actor(), {ResultsFixture::identifier, kind, name}, f.facts());
    return gone ? std::optional<base::Code>() : gone.error().code;
  };
  CHECK(remove(ItemKind::scope, "results:write") == base::Code::conflict);
  CHECK(remove(ItemKind::permission, "results.correct") == base::Code::conflict);
  CHECK(remove(ItemKind::role, "results.correct") == base::Code::not_found);
  CHECK_FALSE(remove(ItemKind::role, "head"));
  CHECK_FALSE(remove(ItemKind::permission, "results.correct"));
  CHECK_FALSE(remove(ItemKind::scope, "results:write"));
  CHECK(remove(ItemKind::scope, "results:write") == base::Code::not_found);
}

TEST_CASE("two administrators who change the same state do not overwrite each other") {
  ResultsFixture f;
  const auto version =
      flow::find_resource_details(*f.house, f.operator_actor(), ResultsFixture::identifier)->server.version;
  const auto change = [&](const std::string& name) {
    return flow::change_resource(*f.house, f.operator_actor(), ResultsFixture::identifier,
                                 {.version = version, .name = name}, f.facts());
  };
  REQUIRE(change("Findings").value());
  CHECK(change("Outcomes").error().code == base::Code::conflict);
  CHECK(flow::add_item(*f.house, f.operator_actor(), {ResultsFixture::identifier, ItemKind::scope, "results:read"},
                       {.version = version}, f.facts())
            .error()
            .code == base::Code::conflict);
}

TEST_CASE("whoever does not manage applications changes no resource server, and nobody one that is out of reach") {
  ResultsFixture f;
  const auto anna = f.actor("anna.kowalska");
  CHECK(flow::find_resource_details(*f.house, anna, ResultsFixture::identifier).error().code == base::Code::denied);
  CHECK(flow::list_resources(*f.house, anna, "").error().code == base::Code::denied);
  const std::size_t before = f.events("resource_change").size() + f.events("resource_create").size();
  CHECK(flow::create_resource(*f.house, anna, {"", "urn:example:x"}, {.name = "X"}, f.facts()).error().code ==
        base::Code::denied);
  CHECK(flow::change_resource(*f.house, anna, ResultsFixture::identifier, {.name = "X"}, f.facts()).error().code ==
        base::Code::denied);
  CHECK(flow::add_item(*f.house, anna, {ResultsFixture::identifier, ItemKind::role, "head"}, {}, f.facts())
            .error()
            .code == base::Code::denied);
  CHECK(
      flow::remove_item(*f.house, anna, {ResultsFixture::identifier, ItemKind::role, "head"}, f.facts()).error().code ==
      base::Code::denied);
  CHECK(flow::delete_resource(*f.house, anna, ResultsFixture::identifier, f.facts()).error().code ==
        base::Code::denied);
  CHECK(f.events("resource_change").size() + f.events("resource_create").size() == before);
}

TEST_CASE("an administrator of applications needs a fresh proof for a change, and reaches the own organisation alone") {
  ResultsFixture f;
  f.add_tenant("ward");
  f.add_administrator("ada", "ward", "ward_clients");
  const auto ada = f.actor("ada");
  CHECK(flow::find_resource_details(*f.house, ada, ResultsFixture::identifier).error().code == base::Code::not_found);
  CHECK(flow::change_resource(*f.house, ada, ResultsFixture::identifier, {.name = "X"}, f.facts()).error().code ==
        base::Code::not_found);
  CHECK(flow::list_resources(*f.house, ada, "")->empty());
  REQUIRE(flow::create_resource(*f.house, ada, {"", "urn:example:ward"}, {.name = "Ward"}, f.facts()));
  CHECK(flow::list_resources(*f.house, ada, "")->size() == 1);
  // A client of the tenant above is none that the administrator of the ward could name.
  CHECK(flow::change_resource(*f.house, ada, "urn:example:ward", {.client = "portal"}, f.facts()).error().code ==
        base::Code::not_found);
  f.now += f.settings.proof.lasts + std::chrono::seconds(1);
  CHECK(flow::change_resource(*f.house, ada, "urn:example:ward", {.name = "X"}, f.facts()).error().reason ==
        flow::proof_needed);
}

TEST_CASE("a scope that gives an application nothing is named at it, and those that it could have are offered") {
  ResultsFixture f;
  f.set({ItemKind::scope, "results:read"}, {.rule = {{"all"}}});
  f.change_client("portal", [](rights::Client& client) {
    client.scopes = {"openid", "results:read", "results:reed", "audit:write"};
  });
  const auto details = flow::find_client_details(*f.house, f.operator_actor(), "portal", f.now).value();
  REQUIRE(details.offered.size() == 1);
  CHECK(details.offered.front().scope == "results:read");
  std::vector<std::string> idle;
  for (const auto& one : details.weaknesses) {
    if (one.code.starts_with("scope_")) idle.push_back(std::string(one.code) + " " + one.value);
  }
  CHECK(idle == std::vector<std::string>{"scope_unknown results:reed", "scope_powerless audit:write"});
}
