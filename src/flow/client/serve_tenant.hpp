// Whose people an application is for: those of its own tenant and, if it is made so, of the tenants below.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Whether the tenant stands below that of the client, and the client is for those too. Reads only if it can be so.
base::Result<bool> serves_from_above(store::Tx& tx, const rights::Client& client, const base::Id& tenant_id);
/// Whether people of the tenant may use the client.
base::Result<bool> serves(store::Tx& tx, const rights::Client& client, const base::Id& tenant_id);

}  // namespace flow
