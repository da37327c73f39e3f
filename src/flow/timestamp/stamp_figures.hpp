// Figures of time stamps that one node keeps in memory for its page: of each day, and how each source answered last.
// They are those since the start; the record of what was stamped is the audit log.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace flow {

enum class StampOutcome : std::uint8_t {
  issued,
  rejected,   // answered with a rejection of RFC 3161
  refused,    // not allowed, or above a limit
  mistrusted  // because of the clock; counted as rejected too
};

struct StampDay {
  base::Time begin;  // midnight UTC
  std::int64_t issued = 0;
  std::int64_t rejected = 0;
  std::int64_t refused = 0;
  std::int64_t mistrusted = 0;
};

/// Thread-safe. At most 31 days.
class StampDays {
 public:
  void note(StampOutcome outcome, base::Time now);
  /// The newest first; days without any are left out.
  [[nodiscard]] std::vector<StampDay> list() const;

 private:
  mutable std::mutex mutex_;
  std::map<base::Time, StampDay> days_;
};

/// How a source of time stamps for signatures made here answered last.
struct SourceAnswer {
  base::Time at;
  std::string failure;  // for operators; "" = it gave a token
};

/// Thread-safe; as many as there are sources in the configuration.
class SourceAnswers {
 public:
  void note(const std::string& source, SourceAnswer answer);
  /// nullopt: it was not asked yet.
  [[nodiscard]] std::optional<SourceAnswer> find(const std::string& source) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, SourceAnswer> answers_;
};

}  // namespace flow
