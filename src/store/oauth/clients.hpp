// OAuth clients with their secrets.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "crypto/key/master_key.hpp"
#include "rights/client.hpp"
#include "store/engine/store.hpp"

namespace store {

base::Result<std::optional<rights::Client>> find_client(Tx& tx, std::string_view client_id);
base::Result<std::optional<rights::Client>> find_client(Tx& tx, const base::Id& id);
base::Result<std::vector<rights::Client>> list_clients(Tx& tx);
/// Errors: already_exists (client_id is taken).
base::Result<void> insert_client(Tx& tx, const rights::Client& client, base::Time now);
/// Errors: conflict (version is not the stored one), not_found.
base::Result<void> update_client(Tx& tx, const rights::Client& client, base::Time now);
/// The version stays. Errors: not_found.
base::Result<void> set_last_use(Tx& tx, const base::Id& id, base::Time now);
/// Until when the newest sessions last in which the client was used, at most `most`, the newest first.
base::Result<std::vector<base::Time>> list_ends_of_sessions(Tx& tx, const base::Id& client, std::int64_t most);
/// Frees the client_id. A disabled row with the name alone stays, because grants and sessions refer to it; only
/// find_client by id still gives it. Errors: not_found.
base::Result<void> delete_client(Tx& tx, const rights::Client& client, base::Time now);

/// Rewraps the secrets of all clients under the next master key (crypto/key/master_key.hpp).
base::Result<void> rewrap_client_secrets(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
