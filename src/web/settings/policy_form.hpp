// The rules of a password policy in the units of people: characters, days, hours.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/password/preview_policy.hpp"
#include "http/message.hpp"
#include "identity/password/password_policy.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// The values of the form's fields, as a stored policy has them or as they were typed.
using ShownRules = std::vector<std::pair<std::string_view, std::string>>;
ShownRules show_rules(const identity::PasswordPolicy& policy);
ShownRules read_rules(const http::Form& form);
/// Those that differ from the stored ones, in the units of the policy. A value that is no number stays as it is, and is
/// refused.
flow::PolicyRules find_changes(const ShownRules& typed, const ShownRules& stored);

/// The values of settings/_policy_fields.html; `flaws`: names of rules.
void add_rule_fields(View& view, const Visit& visit, const ShownRules& shown, const std::vector<std::string>& flaws);

/// "15 characters, never expires".
std::string say_in_short(const Visit& visit, const identity::PasswordPolicy& policy);
std::string say_place(const Visit& visit, const flow::PolicyPlace& place);
std::string say_places(const Visit& visit, const std::vector<flow::PolicyPlace>& places);
/// Names of rules in words.
std::string say_rules(const Visit& visit, const std::vector<std::string>& rules);

}  // namespace web
