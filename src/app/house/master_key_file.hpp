// Where the master key comes from. Invariant: a key is made only for a database that does not exist yet; one that
// is lost is never replaced, because everything sealed under it would be lost without notice.
#pragma once

#include <optional>

#include "crypto/key/master_key.hpp"

namespace app {

struct Config;

/// From the environment, else from the file. `may_make`: make the file (mode 0600) if neither it nor the embedded
/// database exists. Errors: unavailable (missing or unreadable), invalid_input (not a key); reasons are sentences.
base::Result<crypto::MasterKey> find_master_key(const Config& config, bool may_make);

/// The key that shall replace the one in force stands in a file beside it until the database is sealed under it, so
/// that after a power failure one of the two opens the database. Makes the key and the file. The database must be open
/// under the key in force: then a file that is there already is of no use to it and is removed, because somebody may
/// know what is in it. Errors: unavailable (cannot be written), invalid_input (the key in force does not come from a
/// file).
base::Result<crypto::MasterKey> prepare_next_master_key(const Config& config);
/// For a database that the key in force does not open. nullopt: no replacement was begun, or the file holds no key.
/// Errors: invalid_input (others than the owner can read or write the file).
base::Result<std::optional<crypto::MasterKey>> find_next_master_key(const Config& config);
/// The database is sealed under it: it takes the place of the one before. Errors: unavailable.
base::Result<void> put_next_master_key_in_force(const Config& config);

}  // namespace app
