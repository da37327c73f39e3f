#include "identity/lockout/lockout.hpp"

#include <doctest/doctest.h>

#include "seeded.hpp"

using namespace identity;
using namespace std::chrono_literals;

namespace {
const base::Time noon = base::from_seconds(1'800'000'000);

void fail_at(Account& account, const LockoutPolicy& policy, base::Time at) {
  const LockoutState next = after_failure(account, policy, at);
  account.failures = next.failures;
  account.locked_until = next.locked_until;
}
}  // namespace

TEST_CASE("the fifth failure locks for a quarter of an hour") {
  Account account;
  const LockoutPolicy policy;
  for (int i = 0; i < 4; ++i) {
    fail_at(account, policy, noon);
    CHECK_FALSE(is_locked(account, noon));
  }
  const LockoutState fifth = after_failure(account, policy, noon);
  CHECK(fifth.newly_locked);
  fail_at(account, policy, noon);
  CHECK(is_locked(account, noon));
  CHECK(is_locked(account, noon + 15min - 1ms));
  CHECK_FALSE(is_locked(account, noon + 15min));
}

TEST_CASE("failures during a lock do not lengthen it, and the first after it starts a new count") {
  Account account;
  const LockoutPolicy policy{3, 10min};
  for (int i = 0; i < 3; ++i) fail_at(account, policy, noon);
  const auto until = account.locked_until;
  for (int i = 0; i < 50; ++i) fail_at(account, policy, noon + 5min);
  CHECK(account.locked_until == until);
  CHECK(account.failures == 3);
  fail_at(account, policy, noon + 10min);
  CHECK(account.failures == 1);
  CHECK_FALSE(account.locked_until);
}

TEST_CASE("a policy of no failures never locks") {
  Account account;
  for (int i = 0; i < 1000; ++i) fail_at(account, {0, 10min}, noon);
  CHECK_FALSE(is_locked(account, noon));
  CHECK(account.failures == 1000);
}

TEST_CASE("however failures fall, no lock is longer than the policy's and none comes before its count") {
  Seeded random;
  for (int round = 0; round < 200; ++round) {
    const LockoutPolicy policy{random.number(1, 8), std::chrono::minutes(random.number(1, 60))};
    Account account;
    base::Time now = noon;
    std::int64_t since_lock = 0;
    for (int i = 0; i < 100; ++i) {
      now += base::Duration(random.number(0, 600'000));
      if (is_locked(account, now)) {
        CHECK(*account.locked_until - now <= policy.lasts);
        fail_at(account, policy, now);
        continue;
      }
      const bool had_lock = account.locked_until.has_value();
      since_lock = had_lock ? 1 : since_lock + 1;
      fail_at(account, policy, now);
      CHECK(is_locked(account, now) == (since_lock >= policy.failures));
      if (is_locked(account, now)) since_lock = 0;
    }
  }
}
