#include "app/doctor/finding.hpp"

#include <algorithm>
#include <array>

#include "base/terminal.hpp"

namespace app {

namespace json = boost::json;

namespace {

constexpr std::array worst_first{Health::fault, Health::warning, Health::fine};

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object object_of(const Finding& finding) {
  return {
      {"check", finding.check}, {"state", name_of(finding.health)}, {"what", finding.what}, {"advice", finding.advice}};
}

}  // namespace

std::string_view name_of(Health health) {
  switch (health) {
    case Health::fine: return "fine";
    case Health::warning: return "warning";
    case Health::fault: break;
  }
  return "fault";
}

void Findings::fine(std::string check, std::string what) {
  list_.push_back({std::move(check), Health::fine, std::move(what), {}});
}
void Findings::warning(std::string check, std::string what, std::string advice) {
  list_.push_back({std::move(check), Health::warning, std::move(what), std::move(advice)});
}
void Findings::fault(std::string check, std::string what, std::string advice) {
  list_.push_back({std::move(check), Health::fault, std::move(what), std::move(advice)});
}
void Findings::add(const Findings& others) {
  list_.insert(list_.end(), others.list_.begin(), others.list_.end());
}

std::size_t Findings::count(Health health) const {
  return static_cast<std::size_t>(
      std::count_if(list_.begin(), list_.end(), [health](const Finding& one) { return one.health == health; }));
}

bool Findings::has_fault(std::string_view check) const {
  return std::any_of(list_.begin(), list_.end(),
                     [check](const Finding& one) { return one.check == check && one.health == Health::fault; });
}

json::array Findings::to_json() const {
  json::array array;
  for (const Finding& finding : list_) array.push_back(object_of(finding));
  return array;
}

Findings Findings::from_json(const json::array& array) {
  Findings findings;
  for (const json::value& element : array) {
    const json::object* const object = element.if_object();
    if (object == nullptr) continue;
    const std::string state = text_of(*object, "state");
    const auto* const health = std::find_if(worst_first.begin(), worst_first.end(),
                                            [&state](Health known) { return name_of(known) == state; });
    if (health == worst_first.end()) continue;
    findings.list_.push_back(
        {text_of(*object, "check"), *health, text_of(*object, "what"), text_of(*object, "advice")});
  }
  return findings;
}

int print_findings(Console& console, const Findings& findings, bool is_strict) {
  const std::size_t faults = findings.count(Health::fault);
  const std::size_t warnings = findings.count(Health::warning);
  const bool is_healthy = faults == 0 && (warnings == 0 || !is_strict);
  if (console.form.json) {
    console.out +=
        json::serialize(json::object{
            {"healthy", is_healthy}, {"faults", faults}, {"warnings", warnings}, {"checks", findings.to_json()}}) +
        "\n";
    return is_healthy ? done : refused;
  }
  for (const Health health : worst_first) {
    for (const Finding& finding : findings.list()) {
      if (finding.health != health) continue;
      console.out.append(name_of(health)).append(health == Health::warning ? "  " : "    ");
      console.out.append(base::escape_hidden(finding.check + ": " + finding.what)).append("\n");
      if (!finding.advice.empty())
        console.out.append("         > ").append(base::escape_hidden(finding.advice)).append("\n");
    }
  }
  console.out.append(std::to_string(faults)).append(faults == 1 ? " fault, " : " faults, ");
  console.out.append(std::to_string(warnings)).append(warnings == 1 ? " warning, " : " warnings, ");
  console.out.append(std::to_string(findings.count(Health::fine))).append(" as they should be\n");
  return is_healthy ? done : refused;
}

}  // namespace app
