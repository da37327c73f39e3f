// Replaces the master key: whatever is sealed under it is sealed under the next one, what is one-way is rewrapped
// (crypto/key/master_key.hpp), and the audit log says so, in one transaction. No other process may work on the
// database, and the house is of no use afterwards: it still has the key before.
#pragma once

#include "crypto/key/master_key.hpp"
#include "flow/house/house.hpp"
#include "flow/house/record.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Before a next key is made. Errors: denied, conflict (another process works on the database).
base::Result<void> demand_no_other_process(const House& house, const rights::Actor& actor, const RequestFacts& facts);

/// Errors: denied, conflict (another process works on the database), internal (a value does not open; nothing is
/// changed).
base::Result<void> replace_master_key(const House& house, const rights::Actor& actor, const crypto::MasterKey& next,
                                      const RequestFacts& facts);

}  // namespace flow
