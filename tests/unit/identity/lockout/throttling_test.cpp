#include "identity/lockout/throttling.hpp"

#include <doctest/doctest.h>

#include "seeded.hpp"

using namespace identity;
using namespace std::chrono_literals;

namespace {
const base::Time noon = base::from_seconds(1'800'000'000);
}

TEST_CASE("strangers wait longer with each failure after the free ones, up to a limit") {
  const ThrottlePolicy policy;
  CHECK(delay_after(0, policy) == 0s);
  CHECK(delay_after(4, policy) == 0s);
  CHECK(delay_after(5, policy) == 5s);
  CHECK(delay_after(6, policy) == 10s);
  CHECK(delay_after(7, policy) == 20s);
  CHECK(delay_after(12, policy) == 640s);
  CHECK(delay_after(13, policy) == 15min);
  CHECK(delay_after(1'000'000'000'000, policy) == 15min);
  for (std::int64_t n = 0; n < 100; ++n) CHECK(delay_after(n, policy) <= delay_after(n + 1, policy));
}

TEST_CASE("strangers cannot lock out the owner's known device") {
  const ThrottlePolicy policy;
  FailureCount strangers;
  const FailureCount device;
  base::Time now = noon;
  for (int i = 0; i < 10'000; ++i) {
    strangers = after_failure(strangers, policy, now);
    CHECK_FALSE(find_barrier(strangers, &device, policy, now));
    now += 1s;
  }
  CHECK(find_barrier(strangers, nullptr, policy, now));
}

TEST_CASE("a known device that fails too often waits with the strangers, others of the owner do not") {
  const ThrottlePolicy policy;
  FailureCount strangers;
  FailureCount stolen;
  const FailureCount other;
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(find_barrier(strangers, &stolen, policy, noon));
    stolen = after_failure(stolen, policy, noon);
  }
  CHECK_FALSE(has_allowance(stolen, policy, noon));
  for (int i = 0; i < 5; ++i) strangers = after_failure(strangers, policy, noon);
  CHECK(find_barrier(strangers, &stolen, policy, noon) == noon + 5s);
  CHECK_FALSE(find_barrier(strangers, &other, policy, noon));
  CHECK(has_allowance(stolen, policy, noon + 24h));
}

TEST_CASE("a day without failures is forgiven") {
  const ThrottlePolicy policy;
  FailureCount count;
  for (int i = 0; i < 20; ++i) count = after_failure(count, policy, noon);
  CHECK(find_stranger_barrier(count, policy, noon) == noon + 15min);
  CHECK_FALSE(find_stranger_barrier(count, policy, noon + 15min));
  CHECK(after_failure(count, policy, noon + 24h - 1ms).failures == 21);
  CHECK(after_failure(count, policy, noon + 24h).failures == 1);
}

TEST_CASE("a clock that is behind shortens no delay") {
  const ThrottlePolicy policy;
  FailureCount count;
  for (int i = 0; i < 8; ++i) count = after_failure(count, policy, noon);
  const FailureCount late = after_failure(count, policy, noon - 1h);
  CHECK(late.failures == 9);
  CHECK(*late.last == noon);
}

TEST_CASE("a stranger who waits out each delay gets at most a hundred and some guesses a day") {
  const ThrottlePolicy policy;
  FailureCount count;
  base::Time now = noon;
  int guesses = 0;
  while (now < noon + 24h) {
    if (const auto from = find_stranger_barrier(count, policy, now)) now = *from;
    count = after_failure(count, policy, now);
    ++guesses;
  }
  CHECK(guesses < 120);
}

TEST_CASE("a network's bucket lets its capacity through at once and then one attempt in each span") {
  const NetworkPolicy policy{3, 10s};
  NetworkBucket bucket;
  for (int i = 0; i < 3; ++i) {
    const NetworkVerdict verdict = take(bucket, policy, noon);
    CHECK_FALSE(verdict.retry_from);
    bucket = verdict.bucket;
  }
  NetworkVerdict verdict = take(bucket, policy, noon + 9s);
  REQUIRE(verdict.retry_from);
  CHECK(*verdict.retry_from == noon + 10s);
  verdict = take(verdict.bucket, policy, *verdict.retry_from);
  CHECK_FALSE(verdict.retry_from);
  CHECK(take(verdict.bucket, policy, noon + 10s).retry_from);
  CHECK_FALSE(take(verdict.bucket, policy, noon + 1h).retry_from);
}

TEST_CASE("over any time no more pass a bucket than its capacity and what has been refilled") {
  Seeded random;
  for (int round = 0; round < 100; ++round) {
    const NetworkPolicy policy{random.number(1, 20), base::Duration(random.number(1, 5000))};
    NetworkBucket bucket;
    base::Time now = noon;
    std::int64_t passed = 0;
    for (int i = 0; i < 500; ++i) {
      now += base::Duration(random.number(-200, 1000));
      const NetworkVerdict verdict = take(bucket, policy, now);
      if (!verdict.retry_from) ++passed;
      if (verdict.retry_from) CHECK(*verdict.retry_from <= bucket.at + policy.refill + 1h);
      bucket = verdict.bucket;
    }
    CHECK(passed <= policy.capacity + (bucket.at - noon) / policy.refill + 1);
  }
}

TEST_CASE("what an IPv6 subscriber causes is limited for the /56 and for the /48, and an IPv4 address is one mapped") {
  const auto names = [](std::string_view ip) {
    std::vector<std::string> all;
    for (const auto& one : limited_networks(ip)) all.push_back(one.name + " " + std::to_string(one.times));
    return all;
  };
  CHECK(names("2001:db8:0:1::1") == std::vector<std::string>{"2001:db8::/56 1", "2001:db8::/48 4"});
  CHECK(names("2001:db8:0:2::1") == names("2001:db8:0:1::1"));
  CHECK(names("192.0.2.1") == std::vector<std::string>{"192.0.2.1/32 1"});
  CHECK(names("::ffff:192.0.2.1") == names("192.0.2.1"));
  CHECK(names("local") == std::vector<std::string>{"local 1"});
}
