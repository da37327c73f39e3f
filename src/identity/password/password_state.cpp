#include "identity/password/password_state.hpp"

#include <array>

namespace identity {
namespace {

constexpr std::array<std::string_view, 3> origins{"initial", "temporary", "own"};
constexpr std::array<std::string_view, 5> reasons{"no", "initial", "reset", "expired", "policy"};

base::Duration lifetime(PasswordOrigin origin, const PasswordPolicy& policy) {
  if (origin == PasswordOrigin::temporary) return policy.temporary_lasts;
  if (origin == PasswordOrigin::initial) {
    // Never without an end: the one who has set it knows it as well.
    return policy.initial_lasts.count() > 0 ? policy.initial_lasts : PasswordPolicy().initial_lasts;
  }
  return policy.max_age;
}

}  // namespace

std::string_view name_of(PasswordOrigin origin) {
  return origins.at(static_cast<std::size_t>(origin));
}

base::Result<PasswordOrigin> parse_password_origin(std::string_view name) {
  for (std::size_t i = 0; i < origins.size(); ++i) {
    if (origins.at(i) == name) return static_cast<PasswordOrigin>(i);
  }
  return base::fail(base::Code::invalid_input, "no such origin of a password: " + std::string(name));
}

std::string_view name_of(MustChange reason) {
  return reasons.at(static_cast<std::size_t>(reason));
}

base::Result<MustChange> parse_must_change(std::string_view name) {
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons.at(i) == name) return static_cast<MustChange>(i);
  }
  return base::fail(base::Code::invalid_input, "no such reason to change a password: " + std::string(name));
}

PasswordState state_of(const PasswordFootprint& password, const PasswordPolicy& policy, base::Time now) {
  PasswordState state;
  const base::Duration lasts = lifetime(password.origin, policy);
  if (lasts.count() > 0) {
    state.expires_at = password.set_at + lasts;
    state.expired = now >= *state.expires_at;
    state.days_left = state.expired ? 0 : std::chrono::ceil<std::chrono::days>(*state.expires_at - now).count();
  }
  if (state.expired) {
    // A temporary password that has expired stays expired, because its mail may be kept for years.
    state.can_log_in =
        password.origin == PasswordOrigin::own && policy.expiry_meaning == ExpiryMeaning::change_at_login;
    state.must_change = MustChange::expired;
  } else if (password.origin == PasswordOrigin::initial) {
    state.must_change = MustChange::initial;
  } else if (password.origin == PasswordOrigin::temporary) {
    state.must_change = MustChange::reset;
  } else if (password.breaks_policy) {
    state.must_change = MustChange::policy;
  }
  state.reminder_due = password.origin == PasswordOrigin::own && state.expires_at && !state.expired &&
                       policy.remind_before.count() > 0 && now >= *state.expires_at - policy.remind_before;
  return state;
}

std::optional<base::Time> find_change_barrier(const PasswordFootprint& password, const PasswordPolicy& policy,
                                              base::Time now) {
  if (policy.min_age.count() <= 0 || state_of(password, policy, now).must_change != MustChange::no) return std::nullopt;
  const base::Time from = password.set_at + policy.min_age;
  if (now >= from) return std::nullopt;
  return from;
}

}  // namespace identity
