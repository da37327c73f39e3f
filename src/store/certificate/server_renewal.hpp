// The wish that every node renews the certificates of its listeners: one time for the whole installation.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

/// What was issued before it is to be renewed; nullopt = nobody has asked for it.
base::Result<std::optional<base::Time>> find_server_renewal(Tx& tx);
base::Result<void> set_server_renewal(Tx& tx, base::Time now);

}  // namespace store
