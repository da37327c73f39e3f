// The terms of accounts that an earlier program made (docs/decisions/0026-search-by-beginnings.md): filled in small
// steps, and compared once after each start.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// One step for a thread of its own: writes the terms of some accounts. After that is done it compares all accounts
/// once, because an earlier program that ran beside this one, or after it, kept no terms.
class TermFiller {
 public:
  /// False: nothing is left to do until the next start.
  base::Result<bool> step(const House& house);

 private:
  bool is_filled_ = false;
  bool is_checked_ = false;
  base::Id checked_;  // the last one
};

}  // namespace flow
