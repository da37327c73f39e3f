// A house with a resource server of laboratory results, and people of several organisations, for the tests of what
// tokens give there.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "flow/audit/read_audit.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/resource/administer_resources.hpp"
#include "flow/resource/find_access.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"

namespace testing {

class ResultsFixture : public OidcFixture {
 public:
  static constexpr const char* identifier = "https://results.example.org/";

  ResultsFixture() {
    change_client("portal", [](rights::Client& client) {
      client.scopes = {"openid", "profile", "email", "results:read", "results:write"};
    });
    create({"", identifier}, {.name = "Results"});
  }

  base::Id create(const flow::NewResource& made, const flow::ServerWish& wish) {
    const auto id = flow::create_resource(*house, operator_actor(), made, wish, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  struct Named {
    rights::ItemKind kind;
    std::string name;
  };
  void set(const Named& item, const flow::ItemWish& wish, const std::string& which = identifier) {
    const auto done = flow::add_item(*house, operator_actor(), {which, item.kind, item.name}, wish, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
  }
  void change(const Named& item, const flow::ItemWish& wish, const std::string& which = identifier) {
    const auto done = flow::change_item(*house, operator_actor(), {which, item.kind, item.name}, wish, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
  }
  void change_server(const flow::ServerWish& wish, const std::string& which = identifier) {
    REQUIRE(flow::change_resource(*house, operator_actor(), which, wish, facts()).value());
  }

  /// A value of the newest event of the type.
  std::string detail(const std::string& type, const std::string& wanted) {
    const auto all = events(type);
    REQUIRE_FALSE(all.empty());
    for (const auto& [name, value] : flow::audit_details(all.front())) {
      if (name == wanted) return value;
    }
    return {};
  }

  void add_tenant(const std::string& key) {
    const auto made = flow::create_tenant(*house, operator_actor(), {key, ""}, {.name = key}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }
  void add_context(std::string_view tenant, const std::string& key, const std::string& role = "user") {
    const auto made = flow::create_acting_context(*house, operator_actor(), {tenant, key}, {.role = role}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }
  base::Id add_person(const std::string& login, std::string_view tenant, const std::string& context) {
    flow::NewAccount wished;
    wished.login = login;
    wished.given_name = "Jan";
    wished.family_name = "Nowak";
    wished.contexts = {context};
    wished.tenant = tenant;
    wished.password = base::Secret(password);
    wished.must_change = false;
    const auto id = flow::create_account(*house, operator_actor(), wished, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  /// Administers the applications of a tenant.
  void add_administrator(const std::string& login, std::string_view tenant, const std::string& context) {
    add_context(tenant, context, "application_administrator");
    add_person(login, tenant, context);
  }
  rights::Actor actor(const std::string& login) {
    auto visitor = flow::find_visitor(*house, log_in(login), facts());
    REQUIRE(visitor);
    REQUIRE(visitor->actor);
    return *visitor->actor;
  }

  /// Who asks, and for what.
  struct Asking {
    std::string client = "portal";
    std::string login = "anna.kowalska";  // "" = the client asks for itself
    std::string context = "user";
    std::string resource{};
    std::string scope = "openid results:read results:write";
  };
  flow::Access access(const Asking& asking) {
    const rights::Client client = find_client(asking.client);
    auto found = store->read([&](store::Tx& tx) -> base::Result<flow::Access> {
      std::optional<identity::Account> account;
      std::optional<rights::ActingContext> context;
      if (!asking.login.empty()) {
        ASSIGN_OR_RETURN(account, store::find_account_by_login(tx, asking.login, now));
        ASSIGN_OR_RETURN(context, store::find_context_by_key(tx, account->tenant_id, asking.context));
      }
      return flow::find_access(
          *house, tx,
          {client, account ? &*account : nullptr, context ? &*context : nullptr, asking.resource, asking.scope});
    });
    REQUIRE_MESSAGE(found, base::describe(found.error()));
    return *std::move(found);
  }
  flow::ResourceJudgement judge(const std::string& client, const std::string& resource, const std::string& scope) {
    const rights::Client asking = find_client(client);
    auto judged = store->read([&](store::Tx& tx) {
      return flow::judge_resources(*house, tx, asking, {resource, scope});
    });
    REQUIRE_MESSAGE(judged, base::describe(judged.error()));
    return *std::move(judged);
  }
};

}  // namespace testing
