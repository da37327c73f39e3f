#include "identity/password/password_state.hpp"

#include <doctest/doctest.h>

#include "seeded.hpp"

using namespace identity;
using namespace std::chrono_literals;

namespace {
const base::Time set_at = base::from_seconds(1'800'000'000);
constexpr auto day = 24h;
PasswordFootprint of(PasswordOrigin origin) {
  return {origin, set_at, false};
}
}  // namespace

TEST_CASE("an own password lives thirty days, is reminded of seven days before, and then only a reset helps") {
  const PasswordPolicy policy = classic();
  const auto own = of(PasswordOrigin::own);
  const auto at = [&](base::Duration after) { return state_of(own, policy, set_at + after); };
  CHECK(at(0s).days_left == 30);
  CHECK(at(1ms).days_left == 30);
  CHECK(at(day).days_left == 29);
  CHECK(at(30 * day - 1ms).days_left == 1);
  CHECK(at(0s).must_change == MustChange::no);
  CHECK_FALSE(at(23 * day - 1ms).reminder_due);
  CHECK(at(23 * day).reminder_due);
  CHECK(at(30 * day - 1ms).reminder_due);
  CHECK(at(30 * day - 1ms).can_log_in);
  const PasswordState over = at(30 * day);
  CHECK(over.expired);
  CHECK_FALSE(over.can_log_in);
  CHECK_FALSE(over.reminder_due);
  CHECK(over.days_left == 0);
  CHECK(over.must_change == MustChange::expired);
}

TEST_CASE("under the milder meaning an expired password logs in to the change page") {
  PasswordPolicy policy = classic();
  policy.expiry_meaning = ExpiryMeaning::change_at_login;
  const PasswordState state = state_of(of(PasswordOrigin::own), policy, set_at + 31 * day);
  CHECK(state.expired);
  CHECK(state.can_log_in);
  CHECK(state.must_change == MustChange::expired);
}

TEST_CASE("a temporary password lives a day, must be changed, and dies for good under any meaning of expiry") {
  for (const ExpiryMeaning meaning : {ExpiryMeaning::reset_only, ExpiryMeaning::change_at_login}) {
    PasswordPolicy policy = nist_800_63b();
    policy.expiry_meaning = meaning;
    const auto temporary = of(PasswordOrigin::temporary);
    CHECK(state_of(temporary, policy, set_at).must_change == MustChange::reset);
    CHECK(state_of(temporary, policy, set_at).can_log_in);
    CHECK(state_of(temporary, policy, set_at + day - 1ms).can_log_in);
    CHECK_FALSE(state_of(temporary, policy, set_at + day).can_log_in);
    CHECK_FALSE(state_of(temporary, policy, set_at).reminder_due);
  }
}

TEST_CASE("an initial password must be changed, and lives as the policy says") {
  PasswordPolicy policy = nist_800_63b();
  const auto initial = of(PasswordOrigin::initial);
  CHECK(state_of(initial, policy, set_at).must_change == MustChange::initial);
  for (const auto lasts : {policy.initial_lasts, base::Duration(0)}) {  // a policy of an earlier version has 0
    policy.initial_lasts = lasts;
    CHECK(state_of(initial, policy, set_at + 7 * day - 1ms).can_log_in);
    CHECK_FALSE(state_of(initial, policy, set_at + 7 * day).can_log_in);
  }
  policy.initial_lasts = 14 * day;
  CHECK_FALSE(state_of(initial, policy, set_at + 14 * day).can_log_in);
  CHECK_FALSE(state_of(initial, classic(), set_at + 30 * day).can_log_in);
}

TEST_CASE("a password without expiry has no days left to tell") {
  const PasswordState state = state_of(of(PasswordOrigin::own), nist_800_63b(), set_at + 5000 * day);
  CHECK_FALSE(state.days_left);
  CHECK_FALSE(state.expires_at);
  CHECK(state.can_log_in);
  CHECK_FALSE(state.reminder_due);
}

TEST_CASE("a stricter policy asks for a change at the next login") {
  PasswordFootprint weak = of(PasswordOrigin::own);
  weak.breaks_policy = true;
  CHECK(state_of(weak, nist_800_63b(), set_at).must_change == MustChange::policy);
  CHECK(state_of(weak, nist_800_63b(), set_at).can_log_in);
}

TEST_CASE("a minimum age holds for own passwords that need no change") {
  PasswordPolicy policy = classic();
  policy.min_age = 1 * day;
  CHECK(find_change_barrier(of(PasswordOrigin::own), policy, set_at + 1h) == set_at + day);
  CHECK_FALSE(find_change_barrier(of(PasswordOrigin::own), policy, set_at + day));
  CHECK_FALSE(find_change_barrier(of(PasswordOrigin::temporary), policy, set_at));
  CHECK_FALSE(find_change_barrier(of(PasswordOrigin::initial), policy, set_at));
  CHECK_FALSE(find_change_barrier(of(PasswordOrigin::own), classic(), set_at));
}

TEST_CASE("as time goes on, days only fall, and what has expired stays so") {
  Seeded random;
  for (int i = 0; i < 200; ++i) {
    PasswordPolicy policy = classic();
    policy.max_age = std::chrono::hours(random.number(1, 2000));
    base::Time now = set_at;
    PasswordState before = state_of(of(PasswordOrigin::own), policy, now);
    for (int step = 0; step < 50; ++step) {
      now += base::Duration(random.number(0, 400'000'000));
      const PasswordState state = state_of(of(PasswordOrigin::own), policy, now);
      CHECK(*state.days_left <= *before.days_left);
      CHECK(state.expired >= before.expired);
      CHECK(state.expired == (*state.days_left == 0));
      before = state;
    }
  }
}

TEST_CASE("origins of passwords have names that read back") {
  for (const PasswordOrigin origin : {PasswordOrigin::initial, PasswordOrigin::temporary, PasswordOrigin::own}) {
    CHECK(parse_password_origin(name_of(origin)).value() == origin);
  }
  CHECK_FALSE(parse_password_origin("Own"));
}
