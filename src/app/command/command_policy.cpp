// policy list|set|bind|unbind: the rules for passwords; policy second-factor show|set: who must use a second factor
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_in_tenant.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/tenant/second_factor_rule.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::object json_of(const identity::PasswordPolicy& policy) {
  json::object object{{"name", policy.name}, {"version", policy.version}};
  for (const auto& [rule, value] : identity::to_map(policy)) {
    if (rule != "version") object[rule] = value;
  }
  return object;
}

int list(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto policies = flow::list_policies(house, by.actor, tenant);
  if (!policies) return refuse(console, policies.error());
  ListPrinter printer(console, {"name", "version", "min_length", "max_age", "history"});
  for (const auto& stored : *policies) printer.add(json_of(stored.policy));
  return printer.finish();
}

int show(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  const auto policies = flow::list_policies(house, by.actor, which.tenant);
  if (!policies) return refuse(console, policies.error());
  for (const auto& stored : *policies) {
    if (stored.policy.name == which.name) return print_object(console, json_of(stored.policy));
  }
  return refuse_unknown(console, {base::Code::not_found, "there is no policy " + which.name}, which.name,
                        policy_names(house, by.actor, which.tenant));
}

int set(const flow::House& house, Console& console, const InTenant& which, const std::string& preset,
        const std::vector<std::string>& typed) {
  const Operator by = make_command_operator();
  flow::PolicyRules rules;
  for (const std::string& one : typed) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos)
      return refuse(console, {base::Code::invalid_input, "rules are written RULE=VALUE, not " + one});
    rules.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  const auto changed = flow::set_policy(house, by.actor, {which.name, preset, rules, which.tenant}, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), preset, {"classic", "nist-800-63b"});
  return report_change(console, "the policy " + which.name + " counts from the next login of each account on");
}

const Positional policy_positional{"POLICY", "name of the policy"};

struct Binding {
  std::shared_ptr<InTenant> policy;
  std::string group;
  std::string context;
};

int bind(const flow::House& house, Console& console, const Binding& binding, bool bound) {
  const Operator by = make_command_operator();
  const store::PolicyScope scope = !binding.group.empty()     ? store::PolicyScope::group
                                   : !binding.context.empty() ? store::PolicyScope::context
                                                              : store::PolicyScope::tenant;
  const InTenant& policy = *binding.policy;
  const std::string& whose = binding.group.empty() ? binding.context : binding.group;
  const auto changed = (bound ? flow::bind_policy : flow::unbind_policy)(
      house, by.actor, {policy.name, scope, whose, policy.tenant}, by.facts);
  if (!changed && changed.error().reason.ends_with(policy.name)) {
    return refuse_unknown(console, changed.error(), policy.name, policy_names(house, by.actor, policy.tenant));
  }
  if (!changed) {
    return refuse_unknown(console, changed.error(), whose,
                          binding.group.empty() ? context_keys(house, by.actor, policy.tenant)
                                                : group_names(house, by.actor, policy.tenant));
  }
  return report_change(console, "the policy " + policy.name + (bound ? " is bound" : " is not bound any more"));
}

void add_binding(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool bound) {
  auto& command = add_house_command(group, name, about, chosen);
  auto binding = std::make_shared<Binding>();
  binding->policy = add_in_tenant(command, policy_positional);
  auto* of_group = command.add_option("--group", binding->group, "name of a group; without it and --context: everyone");
  command.add_option("--context", binding->context, "key of an acting context")->excludes(of_group);
  give_examples(command, {"policy " + name + " mild", "policy " + name + " strict --group nurses",
                          "policy " + name + " strict --context administrator"});
  command.callback([&chosen, binding, bound] {
    chosen.in_house = [binding, bound](const flow::House& house, Console& console) {
      return bind(house, console, *binding, bound);
    };
  });
}

struct TypedRule {
  std::string tenant;
  bool nobody = false;
  bool everybody = false;
  std::vector<std::string> groups;   // instead of those before
  std::vector<std::string> added;    // to those before
  std::vector<std::string> removed;  // from those before
  std::vector<std::string> rules;
  bool preview = false;
};

json::object json_of(const flow::FactorRule& rule) {
  json::object object{{"who", flow::name_of(rule.scope)}};
  json::array groups;
  for (const flow::RuleGroup& group : rule.groups) {
    if (group.is_chosen) groups.emplace_back(group.name);
  }
  object["groups"] = std::move(groups);
  object["asked_from_above"] = rule.is_from_above;
  for (const auto& [name, value] : rights::to_map(rule.policy)) {
    if (name != "name") object[name] = value;
  }
  object["version"] = rule.policy.version;
  return object;
}

int show_second_factor(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto rule = flow::find_factor_rule(house, by.actor, tenant);
  if (!rule) return refuse(console, rule.error());
  return print_object(console, json_of(*rule));
}

base::Result<flow::FactorRuleWish> make_wish(const flow::FactorRule& now, const TypedRule& typed) {
  flow::FactorRuleWish wish{typed.tenant, now.scope};
  for (const flow::RuleGroup& group : now.groups) {
    if (group.is_chosen) wish.groups.push_back(group.name);
  }
  if (typed.nobody) wish.scope = flow::FactorScope::nobody;
  if (typed.everybody) wish.scope = flow::FactorScope::everybody;
  if (!typed.groups.empty()) {
    wish.scope = flow::FactorScope::groups;
    wish.groups = typed.groups;
  }
  if (!typed.added.empty() || !typed.removed.empty()) {
    if (now.scope == flow::FactorScope::everybody) {
      return base::fail(base::Code::invalid_input,
                        "everybody is asked; --group names the groups that are to be asked instead");
    }
    for (const std::string& name : typed.removed) {
      if (std::erase(wish.groups, name) == 0) {
        return base::fail(base::Code::invalid_input, "the members of " + name + " are not asked now");
      }
    }
    for (const std::string& name : typed.added) {
      if (std::find(wish.groups.begin(), wish.groups.end(), name) == wish.groups.end()) wish.groups.push_back(name);
    }
    wish.scope = wish.groups.empty() ? flow::FactorScope::nobody : flow::FactorScope::groups;
    wish.version = now.policy.version;  // what was added to must still be there
  }
  for (const std::string& one : typed.rules) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos) {
      return base::fail(base::Code::invalid_input, "rules are written RULE=VALUE, not " + one);
    }
    wish.rules[one.substr(0, equals)] = one.substr(equals + 1);
  }
  return wish;
}

int refuse_rule(Console& console, const base::Error& error) {
  if (error.reason != "enrol_methods") return refuse(console, error);
  return refuse(console,
                {error.code,
                 "enrol_methods: only totp and passkey can be set up at the login, and only those of them that "
                 "count (methods)"});
}

int print_preview(Console& console, const flow::FactorRuleEffect& effect) {
  ListPrinter printer(console, {"login", "name", "kind", "external"});
  for (const flow::ShutOut& one : effect.shut_out) {
    printer.add({{"login", one.login}, {"name", one.name}, {"kind", one.kind}, {"external", one.is_external}});
  }
  return printer.finish();
}

std::string print_who(const flow::FactorRule& rule) {
  if (rule.scope != flow::FactorScope::groups) return std::string(flow::name_of(rule.scope));
  std::vector<std::string> names;
  for (const flow::RuleGroup& group : rule.groups) {
    if (group.is_chosen) names.push_back(group.name);
  }
  return "the members of " + base::join(names, ", ");
}

/// The first group that was typed, for what it may have been meant to be.
std::string first_group_of(const TypedRule& typed) {
  for (const auto* names : {&typed.groups, &typed.added}) {
    if (!names->empty()) return names->front();
  }
  return {};
}

int set_second_factor(const flow::House& house, Console& console, const TypedRule& typed) {
  const Operator by = make_command_operator();
  const auto now = flow::find_factor_rule(house, by.actor, typed.tenant);
  if (!now) return refuse(console, now.error());
  const auto wish = make_wish(*now, typed);
  if (!wish) return refuse(console, wish.error());
  if (typed.preview) {
    const auto effect = flow::preview_factor_rule(house, by.actor, *wish, flow::most_looked_at, by.facts.now);
    return effect ? print_preview(console, *effect) : refuse_rule(console, effect.error());
  }
  const auto changed = flow::set_factor_rule(house, by.actor, *wish, by.facts);
  if (!changed && changed.error().reason == "enrol_methods") return refuse_rule(console, changed.error());
  if (!changed) {
    return refuse_unknown(console, changed.error(), first_group_of(typed), group_names(house, by.actor, typed.tenant));
  }
  const auto after = flow::find_factor_rule(house, by.actor, typed.tenant);
  if (!after) return refuse(console, after.error());
  return report_change(console,
                       "asked before: " + print_who(*now) + "; asked now: " + print_who(*after) +
                           "; the rule counts from the next login on",
                       {{"changed", true}, {"before", json_of(*now)}, {"after", json_of(*after)}});
}

void add_second_factor_commands(CLI::App& policies, Command& chosen) {
  CLI::App& group = add_command_group(policies, "second-factor", "who must use a second factor at a login");
  auto& showing = add_house_command(group, "show", "the rule of an organisation", chosen);
  const auto tenant = add_tenant_option(showing);
  give_examples(showing, {"policy second-factor show"});
  showing.callback([&chosen, tenant] {
    chosen.in_house = [tenant](const flow::House& house, Console& console) {
      return show_second_factor(house, console, *tenant);
    };
  });
  auto& setting = add_house_command(group, "set", "change the rule; what is not named stays", chosen);
  auto typed = std::make_shared<TypedRule>();
  setting.add_option(
      "RULE=VALUE", typed->rules,
      "methods, whole_logins, exempts_internal, internal, first_step_days, second_step_days, grace_days, "
      "enrol_methods (totp, passkey: may be set up at the login; enrol_methods= for none); "
      "lists with blanks: methods=\"totp sms\"");
  auto* nobody = setting.add_flag("--nobody", typed->nobody, "nobody is asked");
  auto* everybody = setting.add_flag("--everybody", typed->everybody, "everybody is asked, also external accounts");
  auto* groups = setting.add_option("--group", typed->groups,
                                    "the members of this group are asked, and of no other one; repeatable");
  auto* added =
      setting.add_option("--add-group", typed->added, "the members of this group are asked as well; repeatable");
  auto* removed = setting.add_option("--remove-group", typed->removed,
                                     "the members of this group are not asked any more; repeatable");
  nobody->excludes(everybody);
  for (CLI::Option* const named : {groups, added, removed}) {
    named->allow_extra_args(false);  // the rules that follow are no groups
    nobody->excludes(named);
    everybody->excludes(named);
  }
  groups->excludes(added)->excludes(removed);
  const auto tenant_of_rule = add_tenant_option(setting);
  setting.add_flag("--preview", typed->preview, "only list who could no longer log in");
  give_examples(setting,
                {"policy second-factor set --group second-factor", "policy second-factor set --add-group nurses",
                 "policy second-factor set --everybody --preview",
                 "policy second-factor set exempts_internal=true internal=\"10.0.0.0/8 192.168.178.93\""});
  setting.callback([&chosen, typed, tenant_of_rule] {
    typed->tenant = *tenant_of_rule;
    chosen.in_house = [typed](const flow::House& house, Console& console) {
      return set_second_factor(house, console, *typed);
    };
  });
}

}  // namespace

void add_policy_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "policy", "rules for passwords and second factors");
  give_examples(add_list_in_tenant(group, "list the policies; durations in seconds", chosen, list), {"policy list"});
  auto& showing = add_house_command(group, "show", "all rules of a policy; durations in seconds", chosen);
  complete_in_tenant(showing, policy_positional, chosen, show);
  give_examples(showing, {"policy show classic"});
  auto& setting = add_house_command(group, "set", "change rules of a policy, or make one", chosen);
  const auto which = add_in_tenant(setting, policy_positional);
  auto preset = std::make_shared<std::string>();
  auto rules = std::make_shared<std::vector<std::string>>();
  setting.add_option("RULE=VALUE", *rules, "rules as `policy show` shows them, for example max_age=2592000");
  setting.add_option("--preset", *preset, "begin from classic or nist-800-63b");
  give_examples(setting, {"policy set mild --preset classic", "policy set mild min_length=12 max_age=2592000"});
  setting.callback([&chosen, which, preset, rules] {
    chosen.in_house = [which, preset, rules](const flow::House& house, Console& console) {
      return set(house, console, *which, *preset, *rules);
    };
  });
  add_binding(group, chosen, "bind", "let a policy count, for everyone, a group or a context; the strictest wins",
              true);
  add_binding(group, chosen, "unbind", "the opposite of bind", false);
  add_second_factor_commands(group, chosen);
}

}  // namespace app
