// group create|list|add|remove: groups of accounts, to which policies are bound
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/object_names.hpp"
#include "app/command/print_answer.hpp"
#include "flow/group/administer_groups.hpp"

namespace app {
namespace {

namespace json = boost::json;

int create(const flow::House& house, Console& console, const std::string& name) {
  const Operator by = make_command_operator();
  const auto made = flow::create_group(house, by.actor, name, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "the group " + name + " was created", {{"name", name}, {"created", true}});
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto groups = flow::list_groups(house, by.actor);
  if (!groups) return refuse(console, groups.error());
  ListPrinter printer(console, {"name", "members"});
  for (const flow::GroupMembers& group : *groups) {
    printer.add({{"name", group.name}, {"members", json::value_from(group.members)}});
  }
  return printer.finish();
}

int set_member(const flow::House& house, Console& console, const std::string& group, const std::string& account,
               bool member) {
  const Operator by = make_command_operator();
  const auto changed = (member ? flow::add_member : flow::remove_member)(house, by.actor, {group, account}, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), group, group_names(house, by.actor));
  const std::string is = *changed ? " is now" : " was already";
  return report_change(console, account + is + (member ? " in" : " not in") + " the group " + group, *changed);
}

void add_membership(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool member) {
  auto& command = add_house_command(group, name, about, chosen);
  auto of = std::make_shared<std::string>();
  auto account = std::make_shared<std::string>();
  command.add_option("GROUP", *of, "name of the group")->required();
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  give_examples(command, {"group " + name + " nurses anna.kowalska"});
  command.callback([&chosen, of, account, member] {
    chosen.in_house = [of, account, member](const flow::House& house, Console& console) {
      return set_member(house, console, *of, *account, member);
    };
  });
}

}  // namespace

void add_group_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "group", "groups of accounts, to which policies are bound");
  auto& creating = add_house_command(group, "create", "create an empty group", chosen);
  give_examples(
      complete_with_name(creating, {"GROUP", "its name, up to 100 characters; capitals do not count"}, chosen, create),
      {"group create nurses", "group create \"night shift\""});
  give_examples(add_list_command(group, "list the groups with their members", chosen, list),
                {"group list", "group list --json"});
  add_membership(group, chosen, "add", "put an account into a group; counts from its next login on", true);
  add_membership(group, chosen, "remove", "take an account out of a group", false);
}

}  // namespace app
