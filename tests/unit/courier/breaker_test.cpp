#include "courier/breaker.hpp"

#include <doctest/doctest.h>

using courier::Breaker;
using namespace std::chrono_literals;

namespace {

const base::Time start = base::from_seconds(1'780'000'000);

Breaker make_open() {
  Breaker breaker;
  for (int i = 0; i < 3; ++i) breaker.note(false, start);
  return breaker;
}

}  // namespace

TEST_CASE("a destination is left alone after three deliveries in a row without an answer, not after two") {
  Breaker breaker;
  CHECK_FALSE(breaker.note(false, start));
  CHECK_FALSE(breaker.note(false, start));
  CHECK(breaker.admit(start));
  CHECK(breaker.note(false, start));
  CHECK(breaker.is_open());
  CHECK_FALSE(breaker.admit(start + 9s));
}

TEST_CASE("an answer between failures starts the count anew") {
  Breaker breaker;
  for (int i = 0; i < 10; ++i) {
    breaker.note(false, start);
    breaker.note(false, start);
    breaker.note(true, start);
  }
  CHECK_FALSE(breaker.is_open());
}

TEST_CASE("after the pause one probe goes out, and nothing beside it") {
  Breaker breaker = make_open();
  CHECK(breaker.admit(start + 10s));
  CHECK_FALSE(breaker.admit(start + 10s));
  CHECK_FALSE(breaker.admit(start + 1h));
  SUBCASE("an answer lets everything go on") {
    CHECK(breaker.note(true, start + 11s));
    CHECK(breaker.admit(start + 11s));
    CHECK(breaker.admit(start + 11s));
  }
  SUBCASE("a probe that was not tried leaves its place to another") {
    breaker.forgo();
    CHECK(breaker.admit(start + 11s));
  }
}

TEST_CASE("the pauses between probes double, up to five minutes") {
  Breaker breaker = make_open();
  base::Time now = start;
  for (const base::Duration pause : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    CHECK_FALSE(breaker.admit(now + pause - 1ms));
    now += pause;
    REQUIRE(breaker.admit(now));
    CHECK_FALSE(breaker.note(false, now));
  }
}

TEST_CASE("deliveries that were under way when it opened do not lengthen the pause") {
  Breaker breaker = make_open();
  for (int i = 0; i < 20; ++i) CHECK_FALSE(breaker.note(false, start));
  CHECK(breaker.admit(start + 10s));
}
