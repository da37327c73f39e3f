#include "signature/timestamp/watch_clock.hpp"

#include <doctest/doctest.h>

using signature::ClockFlaw;
using signature::ClockReading;
using signature::ClockWatch;
using signature::watch_clock;
using namespace std::chrono_literals;

namespace {

constexpr base::Duration accuracy = 1s;
const base::Time noon = base::parse_rfc3339("2026-11-29T12:00:00Z").value();

/// Both clocks, so long after the beginning; the wall clock is wrong by `wrong`.
ClockReading after(base::Duration passed, base::Duration wrong = 0ms) {
  return {noon + passed + wrong, base::Duration(5000) + passed};
}

}  // namespace

TEST_CASE("a clock that runs evenly is trusted, also when it is adjusted slowly") {
  ClockWatch watch;
  base::Duration wrong = 0ms;
  for (base::Duration passed = 0s; passed < 20min; passed += 10s) {
    wrong += 5ms;  // the fastest adjustment of NTP: 500 parts in a million
    CHECK(watch_clock(watch, after(passed, wrong), accuracy) == ClockFlaw::none);
  }
}

TEST_CASE("a clock that jumps is not trusted until it has run evenly for a minute") {
  for (const base::Duration jump : {2000ms, -2000ms, 501ms, -501ms}) {
    ClockWatch watch;
    CHECK(watch_clock(watch, after(0s), accuracy) == ClockFlaw::none);
    CHECK(watch_clock(watch, after(10s, jump), accuracy) == ClockFlaw::jumped);
    CHECK(watch_clock(watch, after(11s, jump), accuracy) == ClockFlaw::settling);
    CHECK(watch_clock(watch, after(69s, jump), accuracy) == ClockFlaw::settling);
    CHECK(watch_clock(watch, after(70s, jump), accuracy) == ClockFlaw::none);
  }
}

TEST_CASE("a second jump begins the minute anew, and a jump back to the right time is one too") {
  ClockWatch watch;
  CHECK(watch_clock(watch, after(0s), accuracy) == ClockFlaw::none);
  CHECK(watch_clock(watch, after(10s, 5s), accuracy) == ClockFlaw::jumped);
  CHECK(watch_clock(watch, after(40s), accuracy) == ClockFlaw::jumped);
  CHECK(watch_clock(watch, after(75s), accuracy) == ClockFlaw::settling);
  CHECK(watch_clock(watch, after(100s), accuracy) == ClockFlaw::none);
}

TEST_CASE("less than half of the accuracy is no jump") {
  ClockWatch watch;
  CHECK(watch_clock(watch, after(0s), accuracy) == ClockFlaw::none);
  CHECK(watch_clock(watch, after(10s, 499ms), accuracy) == ClockFlaw::none);
  CHECK(watch_clock(watch, after(20s, -499ms), accuracy) == ClockFlaw::none);
}
