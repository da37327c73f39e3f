#include "flow/password/remind_expiry.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/time.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/password/find_policy.hpp"
#include "store/account/accounts.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/password/policies.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

constexpr std::size_t page = 200;
constexpr std::array<std::int64_t, 2> late_days{1, 3};

/// The least age of a password at which any policy sends a reminder; nullopt = no policy sends any.
std::optional<base::Duration> find_least_age(const std::vector<identity::PasswordPolicy>& policies) {
  std::optional<base::Duration> shortest;
  base::Duration earliest{0};
  for (const identity::PasswordPolicy& policy : policies) {
    if (policy.max_age.count() > 0) shortest = std::min(shortest.value_or(policy.max_age), policy.max_age);
    earliest = std::max(earliest, policy.remind_before);
  }
  if (!shortest || earliest.count() == 0) return std::nullopt;
  return std::max(*shortest - earliest, base::Duration(0));
}

std::int64_t threshold_of(std::int64_t days_left, const identity::PasswordPolicy& policy) {
  for (const std::int64_t days : late_days) {
    if (days_left <= days) return days;
  }
  return std::chrono::ceil<std::chrono::days>(policy.remind_before).count();
}

base::Result<bool> remind(const House& house, store::Tx& tx, const store::AgingPassword& password, base::Time now) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, password.account_id));
  if (!account || !identity::may_log_in(*account)) return false;
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, *account, now));
  const identity::PasswordState state =
      identity::state_of({identity::PasswordOrigin::own, password.set_at, false}, in_force.policy, now);
  if (!state.reminder_due || !state.days_left || !state.expires_at) return false;
  const std::int64_t threshold = threshold_of(*state.days_left, in_force.policy);
  if (password.reminded_days && *password.reminded_days <= threshold) return false;
  ASSIGN_OR_RETURN(const auto to, find_destination(tx, *account));
  if (!to) return false;
  ASSIGN_OR_RETURN(const bool first, store::note_reminder(tx, password.credential_id, threshold));
  if (!first) return false;
  Message message;
  message.name = "expiry_reminder";
  message.arguments = {{"days", std::to_string(*state.days_left)}};
  message.time = state.expires_at;
  RETURN_IF_ERROR(queue_message(house, tx, {*account, *to}, message, now));
  return true;
}

}  // namespace

base::Result<std::size_t> send_expiry_reminders(const House& house, base::Time now) {
  ASSIGN_OR_RETURN(const auto policies,
                   house.store.read_background([](store::Tx& tx) { return store::list_bound_policies(tx); }));
  const auto least_age = find_least_age(policies);
  if (!least_age) return 0;
  std::size_t sent = 0;
  base::Id after;
  for (;;) {
    ASSIGN_OR_RETURN(const auto aging, house.store.read_background([&](store::Tx& tx) {
      return store::list_aging_passwords(tx, now - *least_age, after, page);
    }));
    for (const store::AgingPassword& password : aging.passwords) {
      ASSIGN_OR_RETURN(const bool one,
                       house.store.write([&](store::Tx& tx) { return remind(house, tx, password, now); }));
      if (one) ++sent;
    }
    if (!aging.next_after) return sent;
    after = *aging.next_after;
  }
}

}  // namespace flow
