// What an administrator sees first: failed logins and lockouts of the last day and week, messages that were not
// delivered, and the last check of the audit log. Each part is there only if the acting context may see it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "flow/audit/check_chain.hpp"
#include "flow/house/house.hpp"
#include "rights/actor.hpp"

namespace flow {

inline constexpr std::size_t hours_shown = 24;
/// How long before its end a certificate is shown.
inline constexpr base::Duration certificate_warning = std::chrono::hours(24 * 21);
inline constexpr std::size_t days_shown = 7;  // of 24 hours each, the last one ends now

/// Counts of one kind of event; the oldest first.
struct Trend {
  std::array<std::int64_t, hours_shown> hours{};
  std::array<std::int64_t, days_shown> days{};
  [[nodiscard]] std::int64_t last_day() const { return days.back(); }
  [[nodiscard]] std::int64_t last_week() const;
};

struct LoginSituation {
  Trend failures;
  Trend lockouts;
  /// Not set: all was counted. Otherwise there are so many logins that only those from then on were.
  std::optional<base::Time> counted_from;
};
struct MessageSituation {
  std::int64_t waiting = 0;  // counted_exactly + 1 = more
  std::int64_t failed = 0;   // the same
};
struct EndsSituation {
  std::int64_t passwords = 0;     // whose owner was reminded of the end; counted_exactly + 1 = more
  std::int64_t certificates = 0;  // of persons, that end within `certificate_warning`; the same
};
struct ChainSituation {
  std::optional<ChainCheck> last;  // nullopt = none was asked for
};

struct Situation {
  base::Time at;
  std::optional<LoginSituation> logins;
  std::optional<MessageSituation> messages;
  std::optional<EndsSituation> ends;
  std::optional<ChainSituation> chain;
  bool shows_installation = false;  // what belongs to the machine may be shown
};

/// Whether the actor has a permission of an administrator.
bool may_administer(const rights::Actor& actor);

/// Of the tenants that the actor reaches. The work does not grow with the log: of each kind of event at most 20,000 are
/// read. Errors: denied (no administrator), unavailable.
base::Result<Situation> read_situation(const House& house, const rights::Actor& actor, base::Time now);

}  // namespace flow
