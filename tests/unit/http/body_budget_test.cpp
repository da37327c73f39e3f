#include "http/body_budget.hpp"

#include <doctest/doctest.h>

#include <optional>

using http::BodyBudget;
using http::BodyLease;

TEST_CASE("a network that holds nothing may take all that is free") {
  BodyBudget budget(100);
  CHECK(budget.take(100, {1}));
  CHECK_FALSE(budget.take(1, {2}));
  budget.give_back(100, {1});
  CHECK(budget.taken() == 0);
  CHECK(budget.take(100, {2}));
}

TEST_CASE("a network that holds something leaves as much free as it then has") {
  BodyBudget budget(100);
  CHECK(budget.take(30, {1}));
  CHECK(budget.take(20, {1}));
  CHECK_FALSE(budget.take(1, {1}));
  CHECK(budget.take(30, {2}));
  CHECK_FALSE(budget.take(1, {2}));
  CHECK(budget.taken() == 80);
  budget.give_back(20, {1});
  CHECK_FALSE(budget.take(6, {1}));
  CHECK(budget.take(5, {1}));
}

TEST_CASE("what a body has itself does not count when it takes more, what another of its network has does") {
  const auto budget = std::make_shared<BodyBudget>(100);
  BodyLease one(budget, {1});
  BodyLease two(budget, {1});
  CHECK(one.grow(40));
  CHECK(one.grow(20));
  CHECK_FALSE(two.grow(1));
  one.end();
  CHECK(one.grow(20));
  CHECK(two.grow(30));
  CHECK_FALSE(two.grow(1));
  CHECK_FALSE(one.grow(1));
}

TEST_CASE("the networks of one site leave as much free together as they then have") {
  BodyBudget budget(100);
  CHECK(budget.take(20, {1, 10, 100}));
  CHECK(budget.take(20, {2, 11, 100}));
  CHECK(budget.take(10, {3, 12, 100}));
  CHECK_FALSE(budget.take(1, {4, 13, 100}));
  CHECK(budget.take(50, {5, 14, 101}));
  budget.give_back(20, {1, 10, 100});
  budget.give_back(20, {2, 11, 100});
  budget.give_back(10, {3, 12, 100});
  CHECK(budget.take(50, {4, 13, 100}));
}

TEST_CASE("what belongs to nobody counts in the whole alone") {
  BodyBudget budget(100);
  CHECK(budget.take(60, {}));
  CHECK(budget.take(40, {}));
  CHECK_FALSE(budget.take(1, {}));
}

TEST_CASE("a lease gives back what it holds at its end, once") {
  const auto budget = std::make_shared<BodyBudget>(100);
  {
    BodyLease lease(budget, {1});
    CHECK(lease.grow(40));
    CHECK_FALSE(lease.grow(61));
    CHECK(lease.octets() == 40);
    BodyLease other(std::move(lease));
    CHECK(budget->taken() == 40);
    std::optional<BodyLease> assigned(BodyLease(budget, {2}));
    CHECK(assigned->grow(10));
    *assigned = std::move(other);
    CHECK(budget->taken() == 40);
    assigned->end();
    CHECK(budget->taken() == 0);
    CHECK(assigned->grow(10));
  }
  CHECK(budget->taken() == 0);
  CHECK_FALSE(BodyLease().grow(1));
}
