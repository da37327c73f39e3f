// Resource servers with their scopes, permissions and roles, as an administrator changes them (S4.20). Every function
// needs the permission manage_clients (to see them read_settings is enough) and works on the tenants that the actor
// reaches; every change needs a fresh proof. Each change has its audit event with the values before and after.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/resource/rule_conditions.hpp"
#include "rights/actor.hpp"
#include "rights/resource.hpp"

namespace flow {

/// The new values; nullopt = the value stays.
struct ServerWish {
  std::optional<std::int64_t> version{};  // the change is for this state of the server alone
  std::optional<std::string> name{};
  std::optional<std::string> name_de{};  // "" = as `name`
  std::optional<std::string> name_pl{};
  std::optional<std::string> description{};
  std::optional<std::string> client{};  // client_id of the client as which it asks; "" = none
  std::optional<bool> enabled{};
  std::optional<bool> for_tenants_below{};
};
struct ItemWish {
  std::optional<std::int64_t> version{};  // of the server
  std::optional<std::string> title{};     // "" = as the name
  std::optional<std::string> title_de{};
  std::optional<std::string> title_pl{};
  std::optional<Conditions> rule{};
  std::optional<std::string> scope{};                     // of a permission or a role
  std::optional<std::vector<std::string>> permissions{};  // of a role
};
struct ItemName {
  std::string resource;  // identifier or id of the server
  rights::ItemKind kind = rights::ItemKind::scope;
  std::string name;
};

/// `identifier`: see rights::judge_resource; none of this server's own addresses. `tenant`: as in find_managed_tenant.
/// Errors: denied, invalid_input (all flaws), already_exists, not_found (tenant, client), conflict (too many).
struct NewResource {
  std::string tenant;
  std::string identifier;
};
base::Result<base::Id> create_resource(const House& house, const rights::Actor& actor, const NewResource& made,
                                       const ServerWish& wish, const RequestFacts& facts);
/// `which`, here and below: identifier or id. False: nothing changed, and nothing is recorded. Errors: denied,
/// not_found (the server, the client), invalid_input (all flaws), conflict (somebody else changed it after `version`).
base::Result<bool> change_resource(const House& house, const rights::Actor& actor, std::string_view which,
                                   const ServerWish& wish, const RequestFacts& facts);
/// From now on no token is issued for it. Errors: denied, not_found.
base::Result<void> delete_resource(const House& house, const rights::Actor& actor, std::string_view which,
                                   const RequestFacts& facts);

/// Adds a scope, a permission or a role. Without a rule nobody gets it. Errors: denied, not_found (the server),
/// already_exists, invalid_input (all flaws, or a condition that names nothing which exists), conflict.
base::Result<void> add_item(const House& house, const rights::Actor& actor, const ItemName& item, const ItemWish& wish,
                            const RequestFacts& facts);
/// False: nothing changed. Errors: as add_item; not_found (the server, the item).
base::Result<bool> change_item(const House& house, const rights::Actor& actor, const ItemName& item,
                               const ItemWish& wish, const RequestFacts& facts);
/// Errors: denied, not_found, conflict (another item refers to it).
base::Result<void> remove_item(const House& house, const rights::Actor& actor, const ItemName& item,
                               const RequestFacts& facts);

struct ResourceDetails {
  rights::ResourceServer server;
  TenantName tenant;
  std::string client;  // client_id of the client as which it asks; "" = none
  RuleNames names;
  bool may_change = false;
  std::vector<std::string> clients;             // client_ids that are registered for one of its scopes
  std::vector<rights::ActingContext> contexts;  // of its tenant, for a form
};
/// Errors: denied, not_found.
base::Result<ResourceDetails> find_resource_details(const House& house, const rights::Actor& actor,
                                                    std::string_view which);
/// By name. `tenant`: as in find_shown_tenant. Errors: denied, not_found (tenant).
base::Result<std::vector<rights::ResourceServer>> list_resources(const House& house, const rights::Actor& actor,
                                                                 std::string_view tenant);

/// Scopes that an application of the tenant can be registered for, besides those of OpenID Connect and of the own API:
/// those of the servers of its tenant, and of those above that are for the tenants below. By server. Errors:
/// unavailable.
struct OfferedScope {
  std::string scope;
  base::Id server_id;
};
base::Result<std::vector<OfferedScope>> list_offered_scopes(store::Tx& tx, const base::Id& tenant_id);

}  // namespace flow
