// The last logins and failures of an account (S4.18), on its own pages and through relying parties.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"
#include "store/account/statistics.hpp"

namespace flow {

using LoginStatistics = store::LoginStatistics;

struct Activity {
  LoginStatistics here;
  LoginStatistics elsewhere;
  LoginStatistics anywhere;                        // both together
  std::optional<std::int64_t> days_left;           // to the password's expiry; 0 = expired, nullopt = never expires
  bool needs_reset = false;                        // the password has expired, and only a reset revives it
  std::optional<std::int64_t> factor_days_left{};  // of grace for an account that owes a second factor and has none

  /// Failures between the last two logins, wherever these were: the number that the person is told after a login.
  [[nodiscard]] std::int64_t failures_to_tell() const;
};
/// For any account, inside a transaction.
base::Result<Activity> find_activity(store::Tx& tx, const identity::Account& account, base::Time now);
/// For the actor in person, with factor_days_left.
base::Result<Activity> read_activity(const House& house, const rights::Actor& actor, base::Time now);

}  // namespace flow
