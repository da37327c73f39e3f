// A house in which a second factor is asked of everybody, and the codes that it sends.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "flow/person_fixture.hpp"
#include "flow/tenant/second_factor_rule.hpp"

namespace testing {

class FactorFixture : public PersonFixture {
 public:
  using PersonFixture::PersonFixture;

  void ask_everybody(std::map<std::string, std::string> rules = {}) {
    flow::FactorRuleWish wish;
    wish.scope = flow::FactorScope::everybody;
    wish.rules = std::move(rules);
    const auto set = flow::set_factor_rule(*house, operator_actor(), wish, facts());
    REQUIRE_MESSAGE(set, base::describe(set.error()));
  }

  /// SMS that wait, newest first.
  std::vector<flow::MessageItem> texts() {
    std::vector<flow::MessageItem> found;
    for (const auto& item : outbox()) {
      if (item.kind == "sms" && item.state == "pending") found.push_back(flow::parse_payload(item.payload).value());
    }
    return found;
  }
  /// The code that was sent last.
  std::string code() {
    const auto all = texts();
    REQUIRE_FALSE(all.empty());
    return all.front().text.substr(0, 6);
  }
};

}  // namespace testing
