#include "identity/password/password_policy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "seeded.hpp"

using namespace identity;
using namespace std::chrono_literals;

namespace {

bool says(const PasswordPolicy& policy, std::string_view key) {
  const auto words = describe(policy);
  return std::any_of(words.begin(), words.end(),
                     [&](const Sentence& s) { return s.key == "password_policy." + std::string(key); });
}

PasswordPolicy any_policy(Seeded& random) {
  PasswordPolicy policy;
  policy.name = "p" + std::to_string(random.number(0, 1'000'000'000));
  policy.version = random.number(1, 9);
  policy.min_length = random.number(PasswordPolicy::floor, 64);
  policy.min_length_with_second_factor = random.number(PasswordPolicy::floor, policy.min_length);
  policy.max_length = random.number(64, 128);
  policy.required_classes = random.number(0, 4);
  policy.forbid_email = random.number(0, 1) == 1;
  policy.history = random.number(0, 3) == 0 ? PasswordPolicy::ever : random.number(0, 20);
  policy.max_age = std::chrono::days(random.number(0, 2) == 0 ? 0 : random.number(2, 400));
  policy.min_age = std::chrono::hours(random.number(0, 47));
  policy.remind_before = policy.max_age / random.number(1, 5);
  policy.remind_before = std::chrono::floor<std::chrono::seconds>(policy.remind_before);
  policy.expiry_meaning = random.number(0, 1) == 0 ? ExpiryMeaning::reset_only : ExpiryMeaning::change_at_login;
  policy.least_score = random.number(0, 4);
  return policy;
}

}  // namespace

TEST_CASE("the classic preset is the one of the manuals") {
  const PasswordPolicy policy = classic();
  CHECK(policy.min_length == 8);
  CHECK(policy.required_classes == 3);
  CHECK(policy.forbid_login);
  CHECK(policy.history == PasswordPolicy::ever);
  CHECK(policy.max_age == 30 * 24h);
  CHECK(policy.remind_before == 7 * 24h);
  CHECK(policy.expiry_meaning == ExpiryMeaning::reset_only);
  CHECK(policy.temporary_lasts == 24h);
  CHECK(policy.max_length == 128);
  CHECK(find_mistakes(policy).empty());
}

TEST_CASE("the preset of NIST asks for length and nothing common, and never expires") {
  const PasswordPolicy policy = nist_800_63b();
  CHECK(policy.min_length == 15);
  CHECK(policy.min_length_with_second_factor == 8);
  CHECK(policy.required_classes == 0);
  CHECK(policy.forbid_common);
  CHECK(policy.max_age == 0s);
  CHECK(find_mistakes(policy).empty());
  CHECK(find_preset("nist-800-63b").value() == policy);
  CHECK(find_preset("classic").value() == classic());
  CHECK_FALSE(find_preset("none"));
}

TEST_CASE("a policy comes back from its map as it was") {
  Seeded random;
  for (int i = 0; i < 500; ++i) {
    const PasswordPolicy policy = any_policy(random);
    REQUIRE(find_mistakes(policy).empty());
    const auto back = from_map(to_map(policy));
    REQUIRE(back);
    CHECK(*back == policy);
  }
  CHECK(to_map(classic()).at("history") == "ever");
  CHECK(to_map(classic()).at("max_age") == "2592000");
}

TEST_CASE("all mistakes of a map are told at once") {
  const auto result = from_map({{"name", "x"},
                                {"min_lenght", "8"},
                                {"required_classes", "5"},
                                {"history", "-1"},
                                {"forbid_login", "yes"},
                                {"max_age", "1e9"},
                                {"expiry_meaning", "never"}});
  REQUIRE_FALSE(result);
  for (const char* rule : {"min_lenght", "required_classes", "history", "forbid_login", "max_age", "expiry_meaning"}) {
    CHECK_MESSAGE(result.error().reason.find(rule) != std::string::npos, rule);
  }
  CHECK_FALSE(from_map({}));  // a policy has a name
  CHECK_FALSE(from_map({{"name", "x"}, {"min_length", "65"}}));
  CHECK_FALSE(from_map({{"name", "x"}, {"min_length", "0"}}));
  CHECK_FALSE(from_map({{"name", "x"}, {"max_length", "129"}}));
  CHECK_FALSE(from_map({{"name", "x"}, {"min_length", "8 "}}));
  CHECK_FALSE(from_map({{"name", "x"}, {"min_length", "99999999999999999999"}}));
  CHECK_FALSE(from_map({{"name", "x"}, {"max_age", "86400"}, {"min_age", "86400"}}));
  CHECK_FALSE(from_map({{"name", "x"}, {"temporary_lasts", "0"}}));
}

TEST_CASE("the strictest policy is at least as strict as each, and in any order the same") {
  Seeded random;
  for (int i = 0; i < 500; ++i) {
    std::vector<PasswordPolicy> policies;
    for (std::int64_t n = random.number(1, 4); n > 0; --n) policies.push_back(any_policy(random));
    const PasswordPolicy all = strictest(policies);
    CHECK(find_mistakes(all).empty());
    for (const PasswordPolicy& one : policies) {
      CHECK(all.min_length >= one.min_length);
      CHECK(all.min_length_with_second_factor >= one.min_length_with_second_factor);
      CHECK(all.required_classes >= one.required_classes);
      CHECK(all.history >= one.history);
      CHECK(all.least_score >= one.least_score);
      CHECK(all.forbid_email >= one.forbid_email);
      if (one.max_age.count() > 0) {
        CHECK(all.max_age.count() > 0);
        CHECK(all.max_age <= one.max_age);
        if (one.expiry_meaning == ExpiryMeaning::reset_only) CHECK(all.expiry_meaning == ExpiryMeaning::reset_only);
      }
    }
    auto turned = policies;
    std::reverse(turned.begin(), turned.end());
    PasswordPolicy other = strictest(turned);
    other.name = all.name;
    CHECK(other == all);
    CHECK(strictest({policies.front()}) == policies.front());
  }
}

TEST_CASE("of several policies the strictest of each rule holds") {
  const PasswordPolicy both = strictest({nist_800_63b(), classic()});
  CHECK(both.min_length == 15);
  CHECK(both.required_classes == 3);
  CHECK(both.forbid_common);
  CHECK(both.history == PasswordPolicy::ever);
  CHECK(both.max_age == 30 * 24h);
  CHECK(both.expiry_meaning == ExpiryMeaning::reset_only);
  CHECK(both.version == 2);
  CHECK(both.name == "nist-800-63b + classic");
  CHECK(strictest({}) == nist_800_63b());
  CHECK(strictest({classic(), classic()}) == classic());
}

TEST_CASE("a policy says in words what it asks for, and nothing else") {
  CHECK(says(classic(), "min_length"));
  CHECK(says(classic(), "classes"));
  CHECK(says(classic(), "no_login"));
  CHECK(says(classic(), "never_again"));
  CHECK(says(classic(), "max_age"));
  CHECK(says(classic(), "expired_needs_reset"));
  CHECK(says(classic(), "reminder"));
  CHECK(says(classic(), "not_common"));
  CHECK(says(classic(), "no_service"));
  CHECK_FALSE(says(classic(), "no_email"));
  CHECK_FALSE(says(nist_800_63b(), "max_age"));
  CHECK_FALSE(says(classic(), "max_length"));
  CHECK(says(nist_800_63b(), "not_common"));
  CHECK_FALSE(says(nist_800_63b(), "classes"));
  CHECK(describe(classic()).front() == Sentence{"password_policy.min_length", {{"count", std::int64_t{8}}}});
}

TEST_CASE("no policy is below the floor: 8 characters, nothing common, no login, no names, no name of the service") {
  for (const auto& [rule, value] : std::map<std::string, std::string>{{"min_length", "7"},
                                                                      {"min_length_with_second_factor", "7"},
                                                                      {"forbid_common", "false"},
                                                                      {"forbid_login", "false"},
                                                                      {"forbid_names", "false"},
                                                                      {"forbid_service", "false"}}) {
    INFO(rule);
    auto rules = to_map(classic());
    rules[rule] = value;
    const auto refused = from_map(rules);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason.find(rule) != std::string::npos);
    // A policy that was stored before the floor existed is raised to it.
    const auto raised = from_stored(rules);
    REQUIRE(raised);
    CHECK(*raised == classic());
  }
  CHECK(find_mistakes(PasswordPolicy{.name = "x"}).empty());
}
