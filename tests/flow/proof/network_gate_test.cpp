#include "flow/proof/network_gate.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct Gate {
  bool let_in_and_fail(const std::string& ip) {
    auto answer = gate.enter(ip, policy, now);
    if (answer.pass) answer.pass->settle(true);
    return answer.pass.has_value();
  }
  flow::NetworkGate gate;
  identity::NetworkPolicy policy{10, 2s};
  base::Time now = base::from_seconds(1'800'000'000);
};

}  // namespace

TEST_CASE("a network that has failed as often as it may waits until its bucket refills, and others do not") {
  Gate g;
  for (int i = 0; i < 10; ++i) CHECK(g.let_in_and_fail("192.0.2.7"));
  CHECK_FALSE(g.let_in_and_fail("192.0.2.7"));
  CHECK(g.let_in_and_fail("192.0.2.8"));
  g.now += 2s;
  CHECK(g.let_in_and_fail("192.0.2.7"));
  CHECK_FALSE(g.let_in_and_fail("192.0.2.7"));
}

TEST_CASE("attempts under way count, so that a hundred at once are no more than one after the other") {
  Gate g;
  std::vector<flow::NetworkGate::Pass> under_way;
  for (int i = 0; i < 100; ++i) {
    auto answer = g.gate.enter("192.0.2.7", g.policy, g.now);
    if (answer.pass) under_way.push_back(std::move(*answer.pass));
  }
  CHECK(under_way.size() == 10);
  under_way.clear();  // none has failed
  for (int i = 0; i < 10; ++i) CHECK(g.let_in_and_fail("192.0.2.7"));
}

TEST_CASE("attempts that succeed take nothing from the bucket") {
  Gate g;
  for (int i = 0; i < 100; ++i) CHECK(g.gate.enter("192.0.2.7", g.policy, g.now).pass);
}

TEST_CASE("an address in its IPv4-mapped form is the same network") {
  Gate g;
  for (int i = 0; i < 10; ++i) CHECK(g.let_in_and_fail("192.0.2.7"));
  CHECK_FALSE(g.let_in_and_fail("::ffff:192.0.2.7"));
}

TEST_CASE("a /56 whose /64s take turns is bounded, too") {
  Gate g;
  int let_in = 0;
  for (int i = 0; i < 200; ++i) let_in += g.let_in_and_fail("2001:db8:0:" + std::to_string(i % 100) + "::1") ? 1 : 0;
  CHECK(let_in == 40);
  CHECK(g.let_in_and_fail("2001:db8:0:1000::1"));
}

TEST_CASE("a /48 whose /56s take turns is bounded, too, and the next one is not touched") {
  Gate g;
  int let_in = 0;
  for (int i = 0; i < 2000; ++i) {
    let_in += g.let_in_and_fail("2001:db8:7:" + std::to_string(i % 100) + "00::1") ? 1 : 0;
  }
  CHECK(let_in == 160);
  CHECK(g.let_in_and_fail("2001:db8:8::1"));
  g.now += 2s;
  let_in = 0;
  for (int i = 0; i < 100; ++i) let_in += g.let_in_and_fail("2001:db8:7:" + std::to_string(i) + "00::1") ? 1 : 0;
  CHECK(let_in == 16);
}

TEST_CASE("of the refusals of a network one a minute is to be recorded, with the number before it") {
  Gate g;
  for (int i = 0; i < 10; ++i) CHECK(g.let_in_and_fail("192.0.2.7"));
  const auto first = g.gate.enter("192.0.2.7", g.policy, g.now);
  CHECK_FALSE(first.pass);
  CHECK(first.is_to_record);
  for (int i = 0; i < 7; ++i) CHECK_FALSE(g.gate.enter("192.0.2.7", g.policy, g.now).is_to_record);
  g.policy.refill = 1h;
  g.now += 1min;
  const auto later = g.gate.enter("192.0.2.7", g.policy, g.now);
  CHECK(later.is_to_record);
  CHECK(later.refused_before == 7);
}

TEST_CASE("whoever has no address, and everybody without a capacity, is let in") {
  Gate g;
  for (int i = 0; i < 50; ++i) CHECK(g.let_in_and_fail("local"));
  g.policy.capacity = 0;
  for (int i = 0; i < 50; ++i) CHECK(g.let_in_and_fail("192.0.2.7"));
  CHECK(g.gate.size() == 0);
}

TEST_CASE("addresses without end do not fill the memory") {
  Gate g;
  for (int i = 0; i < 70'000; ++i) {
    (void)g.let_in_and_fail("2001:db8:" + std::to_string(i % 5000) + ":" + std::to_string(i / 5000) + "::1");
    if (i % 1000 == 0) g.now += 100ms;
  }
  CHECK(g.gate.size() < 2 * 65'600);
  CHECK(g.let_in_and_fail("192.0.2.8"));
}
