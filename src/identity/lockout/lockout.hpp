// Lockout in its classic form (S4.7): after `failures` failed proofs by any method the account is locked for
// `lasts`. Counted per account id, whatever identifier or spelling was typed (security rule 7).
#pragma once

#include <optional>

#include "base/time.hpp"
#include "identity/account/account.hpp"

namespace identity {

struct LockoutPolicy {
  std::int64_t failures = 5;  // 0 = never lock
  base::Duration lasts = std::chrono::minutes(15);
};

bool is_locked(const Account& account, base::Time now);

struct LockoutState {
  std::int64_t failures = 0;
  std::optional<base::Time> locked_until;
  bool newly_locked = false;
};
/// The state after one more failure at `now`. Failures during a lock do not lengthen it; the first failure after
/// a lock has run out starts a new count.
LockoutState after_failure(const Account& account, const LockoutPolicy& policy, base::Time now);

}  // namespace identity
