// To which main account a sub account belongs (S2.4).
#pragma once

#include <optional>

#include "base/id.hpp"
#include "store/engine/store.hpp"

namespace store {

/// nullopt: the account stands alone from now on. Errors: not_found.
base::Result<void> put_main_account(Tx& tx, const base::Id& account_id, const std::optional<base::Id>& main_account_id);

}  // namespace store
