// Whose applications an administrator reaches, and who only sees them.
#include <doctest/doctest.h>

#include "flow/client/administer_clients.hpp"
#include "flow/client/search_clients.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/oauth/authorize.hpp"
#include "flow/oauth/list_applications.hpp"
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

namespace {

/// A tenant, one below it, one below that, and one beside it, with a person each, and an application of the first.
struct Line : Offices {
  Line() {
    make_tenant("clinic", "other");
    make_tenant("beside", "");
    for (const std::string tenant : {"other", "clinic", "beside"}) {
      flow::NewAccount wished = wish("person." + tenant);
      wished.email = tenant + "@clinic.example";
      wished.tenant = tenant;
      create(wished);
    }
    rights::Client client = rights::draft_client(rights::ClientKind::spa);
    client.client_id = client.name = "records";
    client.redirect_uris = {"http://127.0.0.1:9191/back"};
    client.launch_uri = "https://records.example/";
    client.tenant_id = flow::find_named_tenant(*house, operator_actor(), "other")->id;
    REQUIRE(flow::create_client(*house, operator_actor(), client, {}, facts()));
  }
  void make_tenant(const std::string& key, const std::string& parent) {
    const auto made = flow::create_tenant(*house, operator_actor(), {key, parent}, {.name = key}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }
  /// Whether a person of the tenant gets a code for the application, once they have agreed: nobody is asked in vain.
  bool gets_code(const std::string& tenant) {
    flow::AuthorizationRequest request;
    request.client_id = "records";
    request.redirect_uri = "http://127.0.0.1:9191/back";
    request.response_type = "code";
    request.scope = "openid";
    request.code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    request.code_challenge_method = "S256";
    const auto answer = flow::authorize(*house, request, nullptr, log_in("person." + tenant), facts());
    REQUIRE_MESSAGE(answer, base::describe(answer.error()));
    if (std::holds_alternative<flow::ConsentNeeded>(*answer)) return true;
    REQUIRE(std::holds_alternative<flow::OAuthRefusal>(*answer));
    CHECK(std::get<flow::OAuthRefusal>(*answer).error == flow::OAuthError::access_denied);
    return false;
  }
  std::size_t offered(const std::string& tenant) {
    return flow::list_applications(*house, actor(log_in("person." + tenant)), text::Language::en)->size();
  }
};

}  // namespace

TEST_CASE("an application is for people of its own organisation, and for those below it only if it is made so") {
  Line f;
  CHECK(f.gets_code("other"));
  CHECK_FALSE(f.gets_code("clinic"));
  CHECK(f.offered("clinic") == 0);
  flow::ClientWish wish;
  wish.for_tenants_below = true;
  REQUIRE(flow::change_client(*f.house, f.operator_actor(), "records", wish, f.facts()).value());
  CHECK(f.gets_code("other"));
  CHECK(f.gets_code("clinic"));
  CHECK_FALSE(f.gets_code("beside"));
  CHECK(f.offered("other") == 1);
  CHECK(f.offered("clinic") == 1);
  CHECK(f.offered("beside") == 0);
  wish.for_tenants_below = false;
  REQUIRE(flow::change_client(*f.house, f.operator_actor(), "records", wish, f.facts()).value());
  CHECK_FALSE(f.gets_code("clinic"));
}

TEST_CASE("an application is registered in an organisation below one's own, and in none that is not reached") {
  Line f;
  const rights::Actor theirs = f.holder("theirs", "application_administrator", "other");
  const auto in = [&](const std::string& client_id, const std::string& tenant) {
    rights::Client client = rights::draft_client(rights::ClientKind::web);
    client.client_id = client.name = client_id;
    client.redirect_uris = {"https://" + client_id + ".example/back"};
    client.tenant_id = flow::find_named_tenant(*f.house, f.operator_actor(), tenant)->id;
    return flow::create_client(*f.house, theirs, client, {}, f.facts());
  };
  CHECK(in("below", "clinic"));
  CHECK(in("own", "other"));
  CHECK(in("aside", "beside").error().code == Code::not_found);
  CHECK(in("above", "main").error().code == Code::not_found);
}
