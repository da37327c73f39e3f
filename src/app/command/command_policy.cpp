// policy list|set|bind|unbind: the rules for passwords
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_in_tenant.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "flow/password/administer_policies.hpp"

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

}  // namespace

void add_policy_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "policy", "rules for passwords");
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
}

}  // namespace app
