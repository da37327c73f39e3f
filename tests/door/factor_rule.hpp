// A second factor is asked of everybody in a server of tests.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>

#include "door/app_fixture.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/second_factor_rule.hpp"

namespace door {

inline void ask_everybody(const App& app, std::map<std::string, std::string> rules = {}) {
  flow::FactorRuleWish wish;
  wish.scope = flow::FactorScope::everybody;
  wish.rules = std::move(rules);
  flow::RequestFacts facts;
  facts.now = base::now();
  const auto set = flow::set_factor_rule(app.house(), flow::make_operator("test"), wish, facts);
  REQUIRE_MESSAGE(set, base::describe(set.error()));
}

}  // namespace door
