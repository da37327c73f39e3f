// context list|set: what acting contexts lack of the permissions of their roles
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/object_names.hpp"
#include "app/command/print_answer.hpp"
#include "flow/tenant/administer_contexts.hpp"

namespace app {
namespace {

namespace json = boost::json;

json::object json_of(const rights::ActingContext& context) {
  json::array lacks;
  for (const rights::Permission one : context.lacks) lacks.emplace_back(rights::name_of_lacking(one));
  return {{"key", context.key}, {"role", rights::name_of(context.role)}, {"lacks", lacks}};
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto contexts = flow::list_acting_contexts(house, by.actor);
  if (!contexts) return refuse(console, contexts.error());
  ListPrinter printer(console, {"key", "role", "lacks"});
  for (const rights::ActingContext& context : *contexts) printer.add(json_of(context));
  return printer.finish();
}

int set(const flow::House& house, Console& console, const std::string& context, const std::vector<std::string>& lacks) {
  const Operator by = make_command_operator();
  const auto changed = flow::set_context_limits(house, by.actor, {context, lacks}, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), context, context_keys(house, by.actor));
  return report_change(console, "the context " + context + (*changed ? " was changed" : " is so already"), *changed);
}

}  // namespace

void add_context_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "context", "acting contexts, and what they lack");
  give_examples(add_list_command(group, "list the acting contexts: key, role, what they lack", chosen, list),
                {"context list", "context list --json"});
  auto& setting =
      add_house_command(group, "set", "say what an acting context lacks; without --lacks it lacks nothing", chosen);
  auto context = std::make_shared<std::string>();
  auto lacks = std::make_shared<std::vector<std::string>>();
  setting.add_option("CONTEXT", *context, "its key: user, administrator, super_administrator")->required();
  setting.add_option("--lacks", *lacks, "own_data, own_password, own_suspension, own_deletion; may be repeated");
  give_examples(setting,
                {"context set administrator --lacks own_suspension --lacks own_deletion", "context set administrator"});
  setting.callback([&chosen, context, lacks] {
    chosen.in_house = [context, lacks](const flow::House& house, Console& console) {
      return set(house, console, *context, *lacks);
    };
  });
}

}  // namespace app
