// Whose applications an administrator reaches, and who only sees them.
#include <doctest/doctest.h>

#include "flow/oauth/administer_clients.hpp"
#include "flow/oauth/search_clients.hpp"
#include "flow/person_fixture.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/change_tenant.hpp"

using base::Code;
using testing::PersonFixture;

namespace {

struct Offices : PersonFixture {
  Offices() {
    const auto made = flow::create_tenant(*house, operator_actor(), {"other", ""}, {.name = "Other"}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }
  rights::Actor holder(const std::string& login, const std::string& role, std::string_view tenant) {
    const std::string key = "as-" + role;
    REQUIRE(flow::create_acting_context(*house, operator_actor(), {tenant, key}, {.role = role}, facts()));
    flow::NewAccount wished = wish(login);
    wished.email = login + "@clinic.example";
    wished.contexts = {key};
    wished.tenant = tenant;
    create(wished);
    return actor(log_in(login));
  }
  base::Result<base::Secret> make(const rights::Actor& by, const std::string& client_id) {
    rights::Client client = rights::draft_client(rights::ClientKind::web);
    client.client_id = client_id;
    client.name = client_id;
    client.redirect_uris = {"https://" + client_id + ".example/back"};
    return flow::create_client(*house, by, client, {}, facts());
  }
};

}  // namespace

TEST_CASE("an application of another tenant is not found, whatever is done to it") {
  Offices f;
  const rights::Actor ours = f.holder("ours", "application_administrator", "");
  const rights::Actor theirs = f.holder("theirs", "application_administrator", "other");
  REQUIRE(f.make(ours, "portal"));
  REQUIRE(f.make(theirs, "ward"));
  CHECK(flow::list_clients(*f.house, theirs)->size() == 1);
  CHECK(flow::list_clients(*f.house, ours)->size() == 2);  // the other tenant is below the own one
  CHECK(flow::search_clients(*f.house, theirs, {"portal", ""}, f.now)->rows.empty());
  const auto& house = *f.house;
  CHECK(flow::find_named_client(house, theirs, "portal").error().code == Code::not_found);
  CHECK(flow::find_client_details(house, theirs, "portal", f.now).error().code == Code::not_found);
  CHECK(flow::change_client(house, theirs, "portal", {}, f.facts()).error().code == Code::not_found);
  CHECK(flow::judge_change(house, theirs, "portal", {}).error().code == Code::not_found);
  CHECK(flow::rotate_client_secret(house, theirs, "portal", {}, f.facts()).error().code == Code::not_found);
  CHECK(flow::end_old_secret(house, theirs, "portal", f.facts()).error().code == Code::not_found);
  CHECK(flow::delete_client(house, theirs, "portal", f.facts()).error().code == Code::not_found);
  CHECK(f.make(theirs, "portal").error().code == Code::already_exists);
  CHECK(flow::find_named_client(house, theirs, "ward"));
}

TEST_CASE("an auditor sees applications and changes none") {
  Offices f;
  REQUIRE(f.make(f.operator_actor(), "portal"));
  const rights::Actor eve = f.holder("eve", "auditor", "");
  CHECK(flow::search_clients(*f.house, eve, {}, f.now)->rows.size() == 1);
  const auto details = flow::find_client_details(*f.house, eve, "portal", f.now);
  REQUIRE(details);
  CHECK_FALSE(details->may_change);
  CHECK(f.make(eve, "other-one").error().code == Code::denied);
  CHECK(flow::change_client(*f.house, eve, "portal", {}, f.facts()).error().code == Code::denied);
  CHECK(flow::judge_change(*f.house, eve, "portal", {}).error().code == Code::denied);
  CHECK(flow::rotate_client_secret(*f.house, eve, "portal", {}, f.facts()).error().code == Code::denied);
  CHECK(flow::end_old_secret(*f.house, eve, "portal", f.facts()).error().code == Code::denied);
  CHECK(flow::delete_client(*f.house, eve, "portal", f.facts()).error().code == Code::denied);
}
