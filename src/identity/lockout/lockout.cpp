#include "identity/lockout/lockout.hpp"

namespace identity {

bool is_locked(const Account& account, base::Time now) {
  return account.locked_until && *account.locked_until > now;
}

LockoutState after_failure(const Account& account, const LockoutPolicy& policy, base::Time now) {
  if (is_locked(account, now)) return {account.failures, account.locked_until, false};
  const std::int64_t before = account.locked_until ? 0 : account.failures;
  LockoutState next{before + 1, std::nullopt, false};
  if (policy.failures > 0 && next.failures >= policy.failures) {
    next.locked_until = now + policy.lasts;
    next.newly_locked = true;
  }
  return next;
}

}  // namespace identity
