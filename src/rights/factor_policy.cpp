#include "rights/factor_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace rights {
namespace {

// Logins that begin with more than something known. The names of those that come with other doors are fixed already.
constexpr std::array<std::string_view, 3> possible_whole_logins{"passkey", "certificate", "epuap"};

struct DaysRule {
  std::string_view name;
  std::int64_t FactorPolicy::*days;
  std::int64_t most;
};
constexpr std::array<DaysRule, 3> days_rules{
    {{"first_step_days", &FactorPolicy::first_step_days, FactorPolicy::most_days},
     {"second_step_days", &FactorPolicy::second_step_days, FactorPolicy::most_days},
     {"grace_days", &FactorPolicy::grace_days, FactorPolicy::most_grace_days}}};

template <class F>
bool each_word(std::string_view words, F&& take) {
  constexpr std::string_view separators = " ,;\t\r\n";
  while (true) {
    const std::size_t first = words.find_first_not_of(separators);
    if (first == std::string_view::npos) return true;
    words.remove_prefix(first);
    const std::size_t end = std::min(words.find_first_of(separators), words.size());
    if (!take(words.substr(0, end))) return false;
    words.remove_prefix(end);
  }
}

template <class T, class F>
std::string join(const std::vector<T>& values, F&& print) {
  std::string text;
  for (const T& value : values) text.append(text.empty() ? "" : " ").append(print(value));
  return text;
}

template <class T>
bool contains(const std::vector<T>& values, const T& wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

bool set_methods(FactorPolicy& policy, std::string_view text) {
  policy.methods.clear();
  const bool are_known = each_word(text, [&](std::string_view name) {
    const auto method = parse_proof_method(name);
    if (!method || !contains(second_step_methods(), *method)) return false;
    if (!contains(policy.methods, *method)) policy.methods.push_back(*method);
    return true;
  });
  return are_known && !policy.methods.empty();
}

// Nobody can vouch for a phone number that is typed at a login (S3.3), so that a code by SMS cannot be set up there.
bool set_enrol_methods(FactorPolicy& policy, std::string_view text) {
  policy.enrol_methods.clear();
  return each_word(text, [&](std::string_view name) {
    const auto method = parse_proof_method(name);
    if (!method || (*method != ProofMethod::totp && *method != ProofMethod::passkey)) return false;
    if (!contains(policy.enrol_methods, *method)) policy.enrol_methods.push_back(*method);
    return true;
  });
}

bool set_whole_logins(FactorPolicy& policy, std::string_view text) {
  policy.whole_logins.clear();
  return each_word(text, [&](std::string_view name) {
    if (std::find(possible_whole_logins.begin(), possible_whole_logins.end(), name) == possible_whole_logins.end()) {
      return false;
    }
    if (!contains(policy.whole_logins, std::string(name))) policy.whole_logins.emplace_back(name);
    return true;
  });
}

bool set_internal(FactorPolicy& policy, std::string_view text) {
  policy.internal.clear();
  return each_word(text, [&](std::string_view one) {
    const auto network = base::IpNetwork::parse(one);
    if (!network || policy.internal.size() == FactorPolicy::most_networks) return false;
    if (!contains(policy.internal, *network)) policy.internal.push_back(*network);
    return true;
  });
}

bool set_days(std::int64_t& days, std::string_view text, std::int64_t most) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  return error == std::errc() && end == text.data() + text.size() && days >= 0 && days <= most;
}

bool set_rule(FactorPolicy& policy, const std::string& rule, const std::string& value) {
  if (rule == "name") {
    policy.name = value;
    return !value.empty();
  }
  if (rule == "methods") return set_methods(policy, value);
  if (rule == "enrol_methods") return set_enrol_methods(policy, value);
  if (rule == "whole_logins") return set_whole_logins(policy, value);
  if (rule == "internal") return set_internal(policy, value);
  if (rule == "exempts_internal") {
    policy.exempts_internal = value == "true";
    return value == "true" || value == "false";
  }
  for (const DaysRule& one : days_rules) {
    if (one.name == rule) return set_days(policy.*one.days, value, one.most);
  }
  return false;
}

bool is_inside(const std::vector<base::IpNetwork>& networks, std::string_view ip) {
  const auto address = base::IpAddress::parse(ip);
  return address && std::any_of(networks.begin(), networks.end(),
                                [&](const base::IpNetwork& network) { return network.contains(*address); });
}

/// The networks of `some` that lie in one of `others`, and the other way round.
std::vector<base::IpNetwork> in_both(const std::vector<base::IpNetwork>& some,
                                     const std::vector<base::IpNetwork>& others) {
  std::vector<base::IpNetwork> common;
  const auto take = [&](const std::vector<base::IpNetwork>& inner, const std::vector<base::IpNetwork>& outer) {
    for (const base::IpNetwork& one : inner) {
      const bool lies_in = std::any_of(outer.begin(), outer.end(), [&](const base::IpNetwork& other) {
        return other.contains(one.address()) && other.prefix() <= one.prefix();
      });
      if (lies_in && !contains(common, one)) common.push_back(one);
    }
  };
  take(some, others);
  take(others, some);
  return common;
}

void tighten(FactorPolicy& rules, const FactorPolicy& other) {
  std::erase_if(rules.methods, [&](ProofMethod one) { return !contains(other.methods, one); });
  std::erase_if(rules.enrol_methods, [&](ProofMethod one) { return !contains(other.enrol_methods, one); });
  std::erase_if(rules.whole_logins, [&](const std::string& one) { return !contains(other.whole_logins, one); });
  rules.exempts_internal = rules.exempts_internal && other.exempts_internal;
  rules.internal = in_both(rules.internal, other.internal);
  for (const DaysRule& one : days_rules) rules.*one.days = std::min(rules.*one.days, other.*one.days);
}

}  // namespace

const std::vector<ProofMethod>& second_step_methods() {
  static const std::vector<ProofMethod> all{ProofMethod::passkey, ProofMethod::totp, ProofMethod::sms,
                                            ProofMethod::email, ProofMethod::recovery};
  return all;
}

std::map<std::string, std::string> to_map(const FactorPolicy& policy) {
  std::map<std::string, std::string> rules{
      {"name", policy.name},
      {"methods", join(policy.methods, [](ProofMethod one) { return std::string(name_of(one)); })},
      {"enrol_methods", join(policy.enrol_methods, [](ProofMethod one) { return std::string(name_of(one)); })},
      {"whole_logins", join(policy.whole_logins, [](const std::string& one) { return one; })},
      {"exempts_internal", policy.exempts_internal ? "true" : "false"},
      {"internal", join(policy.internal, [](const base::IpNetwork& one) { return one.to_string(); })}};
  for (const DaysRule& one : days_rules) rules.emplace(one.name, std::to_string(policy.*one.days));
  return rules;
}

base::Result<FactorPolicy> change_policy(FactorPolicy before, const std::map<std::string, std::string>& rules) {
  std::string wrong;
  for (const auto& [rule, value] : rules) {
    if (!set_rule(before, rule, value)) wrong.append(wrong.empty() ? "" : " ").append(rule);
  }
  if (!wrong.empty()) return base::fail(base::Code::invalid_input, std::move(wrong));
  return before;
}

FactorDemand combine(const std::vector<FactorPolicy>& policies) {
  FactorDemand demand;
  for (const FactorPolicy& policy : policies) {
    if (demand.is_on) {
      tighten(demand.rules, policy);
    } else {
      demand.rules = policy;
    }
    demand.is_on = true;
  }
  return demand;
}

FactorDemand with_own_switch(FactorDemand demand) {
  if (!demand.is_on) demand.rules.methods = second_step_methods();
  demand.is_on = true;
  demand.rules.exempts_internal = false;
  return demand;
}

bool is_always_asked(const FactorDemand& demand) {
  return demand.is_on && !demand.rules.exempts_internal && demand.rules.second_step_days == 0 &&
         demand.rules.grace_days == 0 && demand.rules.enrol_methods.empty();
}

std::vector<ProofMethod> enrolled_at_login(const FactorDemand& demand) {
  if (!demand.is_on) return {};
  std::vector<ProofMethod> methods;
  for (const ProofMethod one : demand.rules.enrol_methods) {
    if (contains(demand.rules.methods, one)) methods.push_back(one);
  }
  return methods;
}

bool counts_as_second(const std::vector<ProofMethod>& counted, ProofMethod method) {
  return contains(counted, method == ProofMethod::security_key ? ProofMethod::passkey : method);
}

bool is_met(const FactorDemand& demand, const FactorSituation& situation) {
  const auto& given = situation.proofs.methods();
  if (given.empty()) return false;
  // A remembered device proves nothing by itself, whatever is demanded or exempt: only a second step opens anything.
  const bool is_remembered = given.front() == ProofMethod::remembered;
  if (!demand.is_on) return !is_remembered || given.size() > 1;
  const FactorPolicy& rules = demand.rules;
  if (contains(rules.whole_logins, std::string(situation.proofs.first_method()))) return true;
  if (std::any_of(given.begin() + 1, given.end(),
                  [&](ProofMethod one) { return counts_as_second(rules.methods, one); })) {
    return true;
  }
  if (is_remembered) return false;
  if (situation.is_device_trusted && rules.second_step_days > 0) return true;
  return rules.exempts_internal && is_inside(rules.internal, situation.login_ip) &&
         is_inside(rules.internal, situation.request_ip);
}

}  // namespace rights
