// Resource servers with their scopes, permissions and roles (S4.20).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rights/resource.hpp"
#include "store/engine/store.hpp"

namespace store {

/// How many a tenant may have: they are read together.
inline constexpr std::int64_t most_resource_servers = 500;

base::Result<std::optional<rights::ResourceServer>> find_resource_server(Tx& tx, std::string_view identifier);
base::Result<std::optional<rights::ResourceServer>> find_resource_server(Tx& tx, const base::Id& id);
/// Of every tenant, by id, at most 5000.
base::Result<std::vector<rights::ResourceServer>> list_resource_servers(Tx& tx);
/// Of one tenant, by id.
base::Result<std::vector<rights::ResourceServer>> list_resource_servers(Tx& tx, const base::Id& tenant_id);
/// Of the tenant, and those of the tenants above it that are for the tenants below. By id.
base::Result<std::vector<rights::ResourceServer>> list_resource_servers_for(Tx& tx, const base::Id& tenant_id);
/// Those that ask as this client.
base::Result<std::vector<rights::ResourceServer>> list_resource_servers_of(Tx& tx, const base::Id& client_id);
/// Errors: already_exists (the identifier is taken).
base::Result<void> insert_resource_server(Tx& tx, const rights::ResourceServer& server, base::Time now);
/// The identifier stays. Errors: conflict (version is not the stored one), not_found.
base::Result<void> update_resource_server(Tx& tx, const rights::ResourceServer& server, base::Time now);
/// Errors: not_found.
base::Result<void> delete_resource_server(Tx& tx, const base::Id& id);

}  // namespace store
