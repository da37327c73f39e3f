// Counts of the logins of an account: one row for each account and realm, changed by one statement, so that parallel
// logins lose nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct LoginStatistics {
  std::optional<base::Time> last_success;
  std::string last_success_ip;
  std::optional<base::Time> last_failure;
  std::string last_failure_ip;
  std::int64_t failures_since_success = 0;
  std::optional<base::Time> previous_success;  // the one before the last
  std::int64_t failures_before = 0;            // between the two
};
/// `realm`: "own", "other" for logins through relying parties, or "all", which counts both.
base::Result<LoginStatistics> find_statistics(Tx& tx, const base::Id& account_id, std::string_view realm);
/// `realm`: "own" or "other"; "all" is counted with it.
base::Result<void> record_login(Tx& tx, const base::Id& account_id, std::string_view realm, bool success,
                                std::string_view ip, base::Time now);

}  // namespace store
