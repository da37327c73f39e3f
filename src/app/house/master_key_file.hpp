// Where the master key comes from. Invariant: a key is made only for a database that does not exist yet; one that
// is lost is never replaced, because everything sealed under it would be lost without notice.
#pragma once

#include "crypto/master_key.hpp"

namespace app {

struct Config;

/// From the environment, else from the file. `may_make`: make the file (mode 0600) if neither it nor the embedded
/// database exists. Errors: unavailable (missing or unreadable), invalid_input (not a key); reasons are sentences.
base::Result<crypto::MasterKey> find_master_key(const Config& config, bool may_make);

}  // namespace app
