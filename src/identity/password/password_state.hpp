// What the age and origin of a password allow (S0.2, S0.3, S4.10, S4.11). The time is an argument.
//
//   none ──administrator──> initial ──change──> own ──max_age──> expired ──reset──> temporary ──change──> own
//                              └──initial_lasts──> expired <──temporary_lasts── temporary
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/password/password_policy.hpp"

namespace identity {

/// How a password came to be, as kept with it in the database.
enum class PasswordOrigin : std::uint8_t {
  initial,
  temporary,
  own
};
std::string_view name_of(PasswordOrigin origin);
base::Result<PasswordOrigin> parse_password_origin(std::string_view name);

/// Why the change page comes before everything else.
enum class MustChange : std::uint8_t {
  no,
  initial,
  reset,
  expired,
  policy
};
std::string_view name_of(MustChange reason);
base::Result<MustChange> parse_must_change(std::string_view name);

struct PasswordFootprint {
  PasswordOrigin origin = PasswordOrigin::own;
  base::Time set_at;
  bool breaks_policy = false;  // found at this login: the policy has become stricter since
};

struct PasswordState {
  bool expired = false;
  bool can_log_in = true;  // false: first it must be reset
  MustChange must_change = MustChange::no;
  std::optional<base::Time> expires_at;
  std::optional<std::int64_t> days_left;  // rounded up; 0 = expired; nullopt = never expires
  bool reminder_due = false;              // of own passwords only; the sender remembers that it was sent
};

/// Intervals are half-open: at `expires_at` the password has expired, at its reminder's time the reminder is due.
PasswordState state_of(const PasswordFootprint& password, const PasswordPolicy& policy, base::Time now);

/// When the owner may change it again (policy.min_age); nullopt = now. Initial, temporary and expired passwords, and
/// those that must be changed, may be changed at once.
std::optional<base::Time> find_change_barrier(const PasswordFootprint& password, const PasswordPolicy& policy,
                                              base::Time now);

}  // namespace identity
