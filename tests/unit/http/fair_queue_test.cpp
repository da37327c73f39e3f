#include "http/fair_queue.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>

#include "http/lanes.hpp"

namespace {

struct Named final : http::Job {
  explicit Named(std::string called) : name(std::move(called)) {}
  bool run() noexcept override { return true; }
  [[nodiscard]] bool is_short() const override { return true; }
  [[nodiscard]] http::Parties parties() const override { return {}; }
  void abandon() noexcept override {}
  std::string name;
};

constexpr std::uint64_t share = 16;
http::Parties of(std::uint64_t network, std::uint64_t account = 0, std::uint64_t around = 0, std::uint64_t site = 0) {
  return {{{{network, share}, {around, share / 4}, {site, share / 16}}}, {account, share}};
}

struct Waiting {
  explicit Waiting(std::size_t most) : queue(most) {}
  /// The name of the job that was dropped; "" = none.
  std::string come(const std::string& name, const http::Parties& parties) {
    Named& job = jobs.emplace_back(name);
    http::Job* const dropped = queue.push(job, parties);
    return dropped == nullptr ? "" : static_cast<Named*>(dropped)->name;
  }
  std::string next() { return static_cast<Named*>(queue.pop())->name; }
  std::deque<Named> jobs;
  http::FairQueue queue;
};

}  // namespace

TEST_CASE("who comes alone is served in the order of coming") {
  Waiting w(10);
  for (const char* name : {"a", "b", "c"}) CHECK(w.come(name, of(1)).empty());
  CHECK(w.next() == "a");
  CHECK(w.come("d", of(1)).empty());
  CHECK(w.next() == "b");
  CHECK(w.next() == "c");
  CHECK(w.next() == "d");
  CHECK(w.queue.empty());
}

TEST_CASE("a newcomer has its turn next, however long the queue of a flood is") {
  Waiting w(100);
  for (int i = 0; i < 50; ++i) w.come("flood", of(1));
  CHECK(w.next() == "flood");
  w.come("nurse", of(2));
  w.come("doctor", of(3));
  CHECK(w.next() == "nurse");
  CHECK(w.next() == "doctor");
  CHECK(w.next() == "flood");
}

TEST_CASE("in a full queue the flood's own last job goes away, not the newcomer") {
  Waiting w(5);
  for (int i = 0; i < 5; ++i) CHECK(w.come("flood " + std::to_string(i), of(1)).empty());
  CHECK(w.come("flood 5", of(1)) == "flood 5");
  CHECK(w.come("nurse", of(2)) == "flood 4");
  CHECK(w.come("doctor", of(3)) == "flood 3");
  CHECK(w.queue.size() == 5);
  CHECK(w.next() == "flood 0");
  CHECK(w.next() == "nurse");
}

TEST_CASE("many networks that ask for one account have one share together") {
  Waiting w(100);
  for (std::uint64_t network = 1; network <= 40; ++network) w.come("attack on jan", of(network, 900));
  w.come("anna", of(50, 901));
  CHECK(w.next() == "attack on jan");
  CHECK(w.next() == "anna");
}

TEST_CASE("a flood of many networks that names one account does not move its owner behind it") {
  Waiting w(200);
  for (int round = 0; round < 10; ++round) {
    for (std::uint64_t network = 1; network <= 20; ++network) w.come("attack on jan", of(network, 900));
  }
  // The queue is full: a later job of the flood is dropped, not the owner's.
  CHECK(w.come("jan", of(50, 900)) == "attack on jan");
  int before = 0;
  while (w.next() != "jan") ++before;
  // One job of each network came first, as it would with any other account.
  CHECK(before == 20);
}

TEST_CASE("the networks inside of a larger one have four shares together") {
  Waiting w(200);
  for (std::uint64_t network = 1; network <= 100; ++network) w.come("renter", of(network, 0, 700));
  for (int i = 0; i < 20; ++i) w.come("clinic", of(500));
  int renters = 0;
  for (int i = 0; i < 50; ++i) renters += w.next() == "renter" ? 1 : 0;
  // Of fifty turns the hundred networks have four in five, like four networks would.
  CHECK(renters >= 38);
  CHECK(renters <= 42);
}

TEST_CASE("all networks of a site have sixteen shares together, however many there are") {
  Waiting w(600);
  for (std::uint64_t i = 1; i <= 256; ++i) w.come("site", of(i, 0, 1000 + i, 700));
  for (int i = 0; i < 20; ++i) w.come("clinic", of(500));
  int of_site = 0;
  for (int i = 0; i < 51; ++i) of_site += w.next() == "site" ? 1 : 0;
  // Of 51 turns sixteen of seventeen.
  CHECK(of_site >= 46);
  CHECK(of_site <= 49);
}

TEST_CASE("a queue that was emptied holds nothing against anybody") {
  Waiting w(100);
  for (int i = 0; i < 20; ++i) w.come("flood", of(1));
  while (!w.queue.empty()) w.next();
  w.come("first", of(1));
  w.come("second", of(2));
  CHECK(w.next() == "first");
}

TEST_CASE("a queue without places refuses") {
  Waiting w(0);
  CHECK(w.come("a", of(1)) == "a");
}
