#include "identity/password/password_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace identity {
namespace {

using Number = std::int64_t PasswordPolicy::*;
using Switch = bool PasswordPolicy::*;
using Span = base::Duration PasswordPolicy::*;

struct NumberRule {
  std::string_view name;
  Number value;
  std::int64_t least;
  std::int64_t most;
};
struct SwitchRule {
  std::string_view name;
  Switch value;
};
struct SpanRule {
  std::string_view name;
  Span value;
};

// One table a kind: maps, limits and the comparison of strictness walk over these.
// A minimum above 64 would refuse what NIST SP 800-63B-4 §3.1.1.2 wants accepted.
constexpr std::array<NumberRule, 7> numbers{
    {{"version", &PasswordPolicy::version, 0, PasswordPolicy::ever},
     {"min_length", &PasswordPolicy::min_length, PasswordPolicy::floor, 64},
     {"min_length_with_second_factor", &PasswordPolicy::min_length_with_second_factor, PasswordPolicy::floor, 64},
     {"max_length", &PasswordPolicy::max_length, 64, 128},
     {"required_classes", &PasswordPolicy::required_classes, 0, 4},
     {"history", &PasswordPolicy::history, 0, PasswordPolicy::ever},
     {"least_score", &PasswordPolicy::least_score, 0, 4}}};
constexpr std::array<SwitchRule, 5> switches{{{"forbid_login", &PasswordPolicy::forbid_login},
                                              {"forbid_email", &PasswordPolicy::forbid_email},
                                              {"forbid_names", &PasswordPolicy::forbid_names},
                                              {"forbid_service", &PasswordPolicy::forbid_service},
                                              {"forbid_common", &PasswordPolicy::forbid_common}}};
// Rules that no policy can switch off.
constexpr std::array<Switch, 4> always_on{&PasswordPolicy::forbid_login, &PasswordPolicy::forbid_names,
                                          &PasswordPolicy::forbid_service, &PasswordPolicy::forbid_common};
constexpr std::array<SpanRule, 5> spans{{{"min_age", &PasswordPolicy::min_age},
                                         {"max_age", &PasswordPolicy::max_age},
                                         {"remind_before", &PasswordPolicy::remind_before},
                                         {"temporary_lasts", &PasswordPolicy::temporary_lasts},
                                         {"initial_lasts", &PasswordPolicy::initial_lasts}}};
constexpr base::Duration longest_span = std::chrono::hours(24 * 3660);

bool parse_number(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::int64_t in_seconds(base::Duration d) {
  return std::chrono::floor<std::chrono::seconds>(d).count();
}
std::int64_t in_days(base::Duration d) {
  return std::chrono::ceil<std::chrono::days>(d).count();
}

/// Sets one rule; false if the value cannot be read.
bool set_rule(PasswordPolicy& policy, const std::string& rule, const std::string& value, bool& known) {
  known = true;
  if (rule == "name") {
    policy.name = value;
    return true;
  }
  if (rule == "expiry_meaning") {
    policy.expiry_meaning = value == "reset_only" ? ExpiryMeaning::reset_only : ExpiryMeaning::change_at_login;
    return value == name_of(policy.expiry_meaning);
  }
  if (rule == "history" && value == "ever") {
    policy.history = PasswordPolicy::ever;
    return true;
  }
  for (const NumberRule& number : numbers) {
    if (number.name == rule) return parse_number(value, policy.*number.value);
  }
  for (const SwitchRule& one : switches) {
    if (one.name != rule) continue;
    policy.*one.value = value == "true";
    return value == "true" || value == "false";
  }
  for (const SpanRule& span : spans) {
    if (span.name != rule) continue;
    std::int64_t seconds = 0;
    if (!parse_number(value, seconds) || seconds < 0 || seconds > in_seconds(longest_span)) return false;
    policy.*span.value = std::chrono::seconds(seconds);
    return true;
  }
  known = false;
  return false;
}

}  // namespace

std::string_view name_of(ExpiryMeaning meaning) {
  return meaning == ExpiryMeaning::reset_only ? "reset_only" : "change_at_login";
}

PasswordPolicy classic() {
  PasswordPolicy policy;
  policy.name = "classic";
  policy.min_length = policy.min_length_with_second_factor = 8;
  policy.required_classes = 3;
  policy.history = PasswordPolicy::ever;
  policy.max_age = std::chrono::days(30);
  policy.expiry_meaning = ExpiryMeaning::reset_only;
  policy.remind_before = std::chrono::days(7);
  return policy;
}

PasswordPolicy nist_800_63b() {
  PasswordPolicy policy;
  policy.name = "nist-800-63b";
  policy.min_length = 15;
  policy.min_length_with_second_factor = 8;
  policy.least_score = 3;
  policy.expiry_meaning = ExpiryMeaning::change_at_login;
  return policy;
}

base::Result<PasswordPolicy> find_preset(std::string_view name) {
  for (PasswordPolicy preset : {classic(), nist_800_63b()}) {
    if (preset.name == name) return preset;
  }
  return base::fail(base::Code::not_found, "no such preset of a password policy: " + std::string(name));
}

PasswordPolicy strictest(const std::vector<PasswordPolicy>& policies) {
  if (policies.empty()) return nist_800_63b();
  PasswordPolicy result = policies.front();
  std::set<std::pair<std::string, std::int64_t>> counted{{result.name, result.version}};
  for (const PasswordPolicy& next : policies) {
    if (counted.emplace(next.name, next.version).second) {
      result.name += " + " + next.name;
      result.version += next.version;
    }
    for (const Number rule :
         {&PasswordPolicy::min_length, &PasswordPolicy::min_length_with_second_factor,
          &PasswordPolicy::required_classes, &PasswordPolicy::history, &PasswordPolicy::least_score}) {
      result.*rule = std::max(result.*rule, next.*rule);
    }
    result.max_length = std::min(result.max_length, next.max_length);
    for (const SwitchRule& rule : switches) result.*rule.value = result.*rule.value || next.*rule.value;
    for (const Span rule : {&PasswordPolicy::min_age, &PasswordPolicy::remind_before}) {
      result.*rule = std::max(result.*rule, next.*rule);
    }
    // The shortest of the times after which something ends; 0 means "never".
    for (const Span rule :
         {&PasswordPolicy::max_age, &PasswordPolicy::temporary_lasts, &PasswordPolicy::initial_lasts}) {
      const base::Duration other = next.*rule;
      if (other.count() != 0 && ((result.*rule).count() == 0 || other < result.*rule)) result.*rule = other;
    }
  }
  // Only the policies under which a password expires decide what expiry means, if there are any.
  const bool never = result.max_age.count() == 0;
  const bool only_reset = std::any_of(policies.begin(), policies.end(), [never](const PasswordPolicy& p) {
    return (never || p.max_age.count() != 0) && p.expiry_meaning == ExpiryMeaning::reset_only;
  });
  result.expiry_meaning = only_reset ? ExpiryMeaning::reset_only : ExpiryMeaning::change_at_login;
  if (!never) {
    // One policy's minimum must not forbid the change that another one's maximum demands.
    if (result.min_age >= result.max_age) result.min_age = result.max_age / 2;
    result.remind_before = std::min(result.remind_before, result.max_age);
  }
  return result;
}

PasswordPolicy raised_to_floor(PasswordPolicy policy) {
  for (const Number rule : {&PasswordPolicy::min_length, &PasswordPolicy::min_length_with_second_factor}) {
    policy.*rule = std::max(policy.*rule, PasswordPolicy::floor);
  }
  for (const Switch rule : always_on) policy.*rule = true;
  return policy;
}

std::vector<std::string> find_mistakes(const PasswordPolicy& policy) {
  std::vector<std::string> mistakes;
  if (policy.name.empty() || policy.name.size() > 200) mistakes.emplace_back("name");
  for (const NumberRule& rule : numbers) {
    if (policy.*rule.value < rule.least || policy.*rule.value > rule.most) mistakes.emplace_back(rule.name);
  }
  for (const SwitchRule& rule : switches) {
    const bool is_asked = std::find(always_on.begin(), always_on.end(), rule.value) != always_on.end();
    if (is_asked && !(policy.*rule.value)) mistakes.emplace_back(rule.name);
  }
  if (policy.min_length_with_second_factor > policy.min_length) {
    mistakes.emplace_back("min_length_with_second_factor");
  }
  for (const SpanRule& rule : spans) {
    if ((policy.*rule.value).count() < 0 || policy.*rule.value > longest_span) mistakes.emplace_back(rule.name);
  }
  if (policy.temporary_lasts.count() == 0) mistakes.emplace_back("temporary_lasts");
  if (policy.max_age.count() != 0) {
    if (policy.min_age >= policy.max_age) mistakes.emplace_back("min_age");
    if (policy.remind_before > policy.max_age) mistakes.emplace_back("remind_before");
  }
  return mistakes;
}

std::map<std::string, std::string> to_map(const PasswordPolicy& policy) {
  std::map<std::string, std::string> rules{{"name", policy.name},
                                           {"expiry_meaning", std::string(name_of(policy.expiry_meaning))}};
  for (const NumberRule& rule : numbers) rules.emplace(rule.name, std::to_string(policy.*rule.value));
  for (const SwitchRule& rule : switches) rules.emplace(rule.name, policy.*rule.value ? "true" : "false");
  for (const SpanRule& rule : spans) rules.emplace(rule.name, std::to_string(in_seconds(policy.*rule.value)));
  if (policy.history == PasswordPolicy::ever) rules["history"] = "ever";
  return rules;
}

namespace {

base::Result<PasswordPolicy> read_map(const std::map<std::string, std::string>& rules, bool raise) {
  PasswordPolicy policy;
  std::string wrong;
  for (const auto& [rule, value] : rules) {
    bool known = false;
    if (!set_rule(policy, rule, value, known)) wrong += (known ? " bad value of " : " unknown rule ") + rule + ";";
  }
  if (raise) policy = raised_to_floor(std::move(policy));
  for (const std::string& mistake : find_mistakes(policy)) wrong += " out of its limits: " + mistake + ";";
  if (!wrong.empty()) return base::fail(base::Code::invalid_input, "password policy:" + wrong);
  return policy;
}

}  // namespace

base::Result<PasswordPolicy> from_map(const std::map<std::string, std::string>& rules) {
  return read_map(rules, false);
}

base::Result<PasswordPolicy> from_stored(const std::map<std::string, std::string>& rules) {
  return read_map(rules, true);
}

std::vector<Sentence> describe(const PasswordPolicy& policy) {
  std::vector<Sentence> words;
  const auto say = [&words](std::string_view rule) { words.push_back({"password_policy." + std::string(rule), {}}); };
  const auto count = [&words](std::string_view rule, std::string_view name, std::int64_t n) {
    words.push_back({"password_policy." + std::string(rule), {{std::string(name), n}}});
  };
  count("min_length", "count", policy.min_length);
  if (policy.required_classes > 0) count("classes", "count", policy.required_classes);
  if (policy.forbid_login) say("no_login");
  if (policy.forbid_email) say("no_email");
  if (policy.forbid_names) say("no_names");
  if (policy.forbid_service) say("no_service");
  if (policy.forbid_common) say("not_common");
  if (policy.least_score > 0) say("not_easily_guessed");
  if (policy.history == PasswordPolicy::ever) {
    say("never_again");
  } else if (policy.history > 0) {
    count("history", "count", policy.history);
  }
  if (policy.min_age.count() > 0) {
    count("min_age", "hours", std::chrono::ceil<std::chrono::hours>(policy.min_age).count());
  }
  if (policy.max_age.count() > 0) {
    count("max_age", "days", in_days(policy.max_age));
    say(policy.expiry_meaning == ExpiryMeaning::reset_only ? "expired_needs_reset" : "expired_needs_change");
    if (policy.remind_before.count() > 0) count("reminder", "days", in_days(policy.remind_before));
  }
  return words;
}

}  // namespace identity
