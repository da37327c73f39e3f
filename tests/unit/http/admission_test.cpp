#include "http/admission.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace {

using http::Admission;

base::IpAddress address(const std::string& text) {
  return base::IpAddress::parse(text).value();
}

bool enter(Admission& admission, const std::string& text) {
  const base::IpAddress peer = address(text);
  return admission.enter({&peer, false});
}

/// What the sweep of the server does with connections that wait for a request.
void sweep(Admission& admission, const std::string& text, int& open) {
  const base::IpAddress peer = address(text);
  while (admission.is_crowded() && admission.is_over_share({&peer, false})) {
    admission.leave({&peer, false});
    --open;
  }
}

/// How many of `tries` connections of one address found a place.
int flood(Admission& admission, const std::string& text, int tries) {
  int entered = 0;
  for (int i = 0; i < tries && !admission.is_full(false); ++i) entered += enter(admission, text) ? 1 : 0;
  return entered;
}

}  // namespace

TEST_CASE("an address has its share and no more") {
  Admission admission(1000, 100);
  CHECK(flood(admission, "192.0.2.1", 300) == 100);
  CHECK(flood(admission, "192.0.2.2", 1) == 1);
  const base::IpAddress first = address("192.0.2.1");
  admission.leave({&first, false});
  CHECK(enter(admission, "192.0.2.1"));
  CHECK_FALSE(enter(admission, "192.0.2.1"));
}

TEST_CASE("a flood from many addresses leaves places for a newcomer") {
  Admission admission(1000, 100);
  std::map<std::string, int> open;
  for (int round = 0; round < 5; ++round) {
    for (int i = 1; i <= 100; ++i) {
      const std::string text = "192.0.2." + std::to_string(i);
      open[text] += flood(admission, text, 300);
      for (auto& [other, count] : open) sweep(admission, other, count);
    }
  }
  CHECK_FALSE(admission.is_full(false));
  CHECK(admission.count() > 900);
  CHECK(flood(admission, "198.51.100.7", 6) == 6);
}

TEST_CASE("a trusted proxy keeps its share, because many people come through it") {
  Admission admission(1000, 900);
  const base::IpAddress proxy = address("10.0.0.1");
  for (int i = 0; i < 900; ++i) CHECK(admission.enter({&proxy, false, true}));
  CHECK(admission.is_crowded());
  CHECK_FALSE(admission.is_over_share({&proxy, false, true}));
}

TEST_CASE("the networks of one IPv6 subscriber have four shares together") {
  Admission admission(10'000, 100);
  int entered = 0;
  for (int i = 0; i < 20; ++i) entered += flood(admission, "2001:db8:0:1" + std::to_string(10 + i) + "::1", 100);
  CHECK(entered == 400);
  CHECK(enter(admission, "2001:db8:0:200::1"));
}

TEST_CASE("who has a /48 has as many places as sixteen addresses, and its neighbour has his own") {
  Admission admission(10'000, 100);
  int entered = 0;
  for (int i = 0; i < 100; ++i) entered += flood(admission, "2001:db8:7:" + std::to_string(i) + "00::1", 30);
  CHECK(entered == 1600);
  CHECK(enter(admission, "2001:db8:8::1"));
}

TEST_CASE("a flood from all networks of a /48 leaves places for others") {
  Admission admission(1000, 100);
  std::map<std::string, int> open;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 99; ++i) {
      const std::string text = "2001:db8:7:" + std::to_string(i) + "00::1";
      open[text] += flood(admission, text, 20);
      for (auto& [other, count] : open) sweep(admission, other, count);
    }
  }
  CHECK(admission.count() < 600);
  CHECK(flood(admission, "198.51.100.7", 50) == 50);
}

TEST_CASE("the operator's socket and the figures find a place while strangers have taken all others") {
  Admission admission(4, 100);
  CHECK(flood(admission, "192.0.2.1", 10) == 4);
  CHECK(admission.is_full(false));
  CHECK_FALSE(admission.is_full(true));
  CHECK(admission.enter({nullptr, true}));
  CHECK(admission.count() == 5);
  admission.leave({nullptr, true});
  CHECK(admission.count() == 4);
}
