#include "courier/backoff.hpp"

#include <doctest/doctest.h>

#include <limits>

using base::Duration;
using courier::Backoff;
using courier::find_delay;

TEST_CASE("the delay doubles with every failure up to its cap") {
  const Backoff rule{Duration(1000), Duration(10'000), Duration(1'000'000), 0};
  CHECK(find_delay(rule, 1, Duration(0), 0.5) == Duration(1000));
  CHECK(find_delay(rule, 2, Duration(0), 0.5) == Duration(2000));
  CHECK(find_delay(rule, 4, Duration(0), 0.5) == Duration(8000));
  CHECK(find_delay(rule, 5, Duration(0), 0.5) == Duration(10'000));
  CHECK(find_delay(rule, 1000, Duration(0), 0.5) == Duration(10'000));
  CHECK(find_delay(rule, std::numeric_limits<std::int64_t>::max(), Duration(0), 0.5) == Duration(10'000));
  CHECK(find_delay(rule, 0, Duration(0), 0.5) == Duration(1000));
}

TEST_CASE("delays are spread around their middle") {
  const Backoff rule{Duration(1000), Duration(10'000), Duration(1'000'000), 20};
  CHECK(find_delay(rule, 1, Duration(0), 0.0) == Duration(900));
  CHECK(find_delay(rule, 1, Duration(0), 0.5) == Duration(1000));
  CHECK(find_delay(rule, 1, Duration(0), 0.999999) == Duration(1099));
  CHECK(find_delay({Duration(1), Duration(1), Duration(100), 100}, 1, Duration(0), 0.0) == Duration(1));
}

TEST_CASE("a message that would be too old at its next try is given up") {
  const Backoff rule{Duration(1000), Duration(1000), Duration(60'000), 0};
  CHECK(find_delay(rule, 5, Duration(58'999), 0.5) == Duration(1000));
  CHECK_FALSE(find_delay(rule, 5, Duration(59'000), 0.5));
  CHECK_FALSE(find_delay(rule, 1, Duration(1'000'000), 0.5));
}
