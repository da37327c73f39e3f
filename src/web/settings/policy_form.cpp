#include "web/settings/policy_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 24 * hour;

/// A rule whose field is a number, and how much of the policy's unit one of it is.
struct NumberField {
  std::string_view rule;
  std::int64_t unit;
};
constexpr std::array<NumberField, 11> number_fields{{{"min_length", 1},
                                                     {"min_length_with_second_factor", 1},
                                                     {"max_length", 1},
                                                     {"required_classes", 1},
                                                     {"least_score", 1},
                                                     {"history", 1},
                                                     {"min_age", hour},
                                                     {"max_age", day},
                                                     {"remind_before", day},
                                                     {"temporary_lasts", hour},
                                                     {"initial_lasts", day}}};

bool parse(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// In the field's unit, rounded up, so that a value below one unit is not shown as 0.
std::string in_unit(const std::string& stored, std::int64_t unit) {
  std::int64_t value = 0;
  if (!parse(stored, value)) return {};  // "ever"
  return std::to_string((value + unit - 1) / unit);
}

std::string from_unit(const std::string& typed, std::int64_t unit) {
  std::int64_t value = 0;
  constexpr std::int64_t most = 1'000'000;
  if (!parse(typed, value) || value < 0 || value > most) return typed + "?";
  return std::to_string(value * unit);
}

std::string value_of(const ShownRules& shown, std::string_view rule) {
  const auto found = std::find_if(shown.begin(), shown.end(), [&](const auto& one) { return one.first == rule; });
  return found == shown.end() ? std::string() : found->second;
}

std::int64_t unit_of(std::string_view rule) {
  const auto* const found =
      std::find_if(number_fields.begin(), number_fields.end(), [&](const auto& one) { return one.rule == rule; });
  return found == number_fields.end() ? 0 : found->unit;
}

}  // namespace

ShownRules show_rules(const identity::PasswordPolicy& policy) {
  const auto map = identity::to_map(policy);
  ShownRules shown;
  for (const NumberField& field : number_fields) {
    shown.emplace_back(field.rule, in_unit(map.at(std::string(field.rule)), field.unit));
  }
  shown.emplace_back("history_ever", map.at("history") == "ever" ? "yes" : "");
  shown.emplace_back("expiry_meaning", map.at("expiry_meaning"));
  shown.emplace_back("forbid_email", map.at("forbid_email") == "true" ? "yes" : "");
  return shown;
}

ShownRules read_rules(const http::Form& form) {
  ShownRules shown;
  for (const NumberField& field : number_fields) shown.emplace_back(field.rule, form.get(std::string(field.rule)));
  for (const std::string_view name : {"history_ever", "expiry_meaning", "forbid_email"}) {
    shown.emplace_back(name, form.get(std::string(name)));
  }
  return shown;
}

flow::PolicyRules find_changes(const ShownRules& typed, const ShownRules& stored) {
  flow::PolicyRules rules;
  const bool is_ever = value_of(typed, "history_ever") == "yes";
  for (const auto& [rule, value] : typed) {
    if (value == value_of(stored, rule)) continue;
    const std::int64_t unit = unit_of(rule);
    if (rule == "history_ever") {
      if (is_ever) rules.emplace_back("history", "ever");
    } else if (rule == "forbid_email") {
      rules.emplace_back(rule, value == "yes" ? "true" : "false");
    } else if (unit == 0) {
      rules.emplace_back(rule, value);
    } else if (rule != "history" || !is_ever) {
      rules.emplace_back(rule, from_unit(value, unit));
    }
  }
  const bool was_ever = value_of(stored, "history_ever") == "yes";
  if (was_ever && !is_ever && value_of(typed, "history").empty()) rules.emplace_back("history", "0");
  return rules;
}

void add_rule_fields(View& view, const Visit& visit, const ShownRules& shown, const std::vector<std::string>& flaws) {
  for (const NumberField& field : number_fields) {
    const std::string rule(field.rule);
    const std::string hint = "policies.hint." + rule;
    View& item = view.add("numbers");
    item.text("rule", rule).text("label", visit.say("policies.rule." + rule)).text("value", value_of(shown, rule));
    item.text("hint", text::has(hint) ? visit.say(hint) : std::string());
    item.flag("flaw", std::find(flaws.begin(), flaws.end(), rule) != flaws.end());
  }
  for (const std::string_view meaning : {"change_at_login", "reset_only"}) {
    View& item = view.add("meanings");
    item.text("meaning", std::string(meaning))
        .text("meaning_label", visit.say("policies.expiry." + std::string(meaning)));
    item.flag("meaning_chosen", value_of(shown, "expiry_meaning") == meaning);
  }
  view.flag("history_ever", value_of(shown, "history_ever") == "yes");
  view.flag("forbid_email", value_of(shown, "forbid_email") == "yes");
  for (const std::string& rule : flaws) {
    View& item = view.add("flaws");
    item.text("href", "#" + rule);
    item.text("sentence", visit.say("policies.flaw.rule", {{"rule", visit.say("policies.rule." + rule)}}));
  }
  view.flag("flawed", !flaws.empty());
}

std::string say_in_short(const Visit& visit, const identity::PasswordPolicy& policy) {
  const std::int64_t days = std::chrono::ceil<std::chrono::days>(policy.max_age).count();
  return visit.say("policies.short.length", {{"n", policy.min_length}}) + ", " +
         (days == 0 ? visit.say("policies.short.never") : visit.say("policies.short.days", {{"n", days}}));
}

std::string say_place(const Visit& visit, const flow::PolicyPlace& place) {
  const std::string key = "policies.place." + std::string(place.kind());
  return visit.say(key, {{"place", context_name(visit, place.name)}});
}

std::string say_places(const Visit& visit, const std::vector<flow::PolicyPlace>& places) {
  std::vector<std::string> names;
  for (const flow::PolicyPlace& one : places) names.push_back(say_place(visit, one));
  return base::join(names, ", ");
}

std::string say_rules(const Visit& visit, const std::vector<std::string>& rules) {
  std::vector<std::string> names;
  for (const std::string& rule : rules) {
    const std::string key = "policies.rule." + rule;
    if (text::has(key)) names.push_back(visit.say(key));
  }
  return base::join(names, "; ");
}

}  // namespace web
