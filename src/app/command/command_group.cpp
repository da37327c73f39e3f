// group create|list|add|remove: groups of accounts, to which policies are bound
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "flow/group/administer_groups.hpp"

namespace app {
namespace {

namespace json = boost::json;

int create(const flow::House& house, Console& console, const std::string& name) {
  const Operator by = make_command_operator();
  const auto made = flow::create_group(house, by.actor, name, by.facts);
  if (!made) return refuse(console, made.error());
  console.out = "the group " + name + " was created\n";
  return done;
}

int list(const flow::House& house, Console& console, bool as_json) {
  const Operator by = make_command_operator();
  const auto groups = flow::list_groups(house, by.actor);
  if (!groups) return refuse(console, groups.error());
  json::array all;
  for (const flow::GroupMembers& group : *groups) {
    if (as_json) {
      all.push_back({{"name", group.name}, {"members", json::value_from(group.members)}});
      continue;
    }
    console.out.append(group.name).append("\n");
    for (const std::string& member : group.members) console.out.append("  ").append(member).append("\n");
  }
  if (as_json) console.out = json::serialize(all) + "\n";
  return done;
}

int set_member(const flow::House& house, Console& console, const std::string& group, const std::string& account,
               bool member) {
  const Operator by = make_command_operator();
  const auto changed = (member ? flow::add_member : flow::remove_member)(house, by.actor, {group, account}, by.facts);
  if (!changed) return refuse(console, changed.error());
  const std::string is = *changed ? " is now" : " was already";
  console.out = account + is + (member ? " in" : " not in") + " the group " + group + "\n";
  return done;
}

void add_membership(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool member) {
  auto& command = add_house_command(group, name, about, chosen);
  auto of = std::make_shared<std::string>();
  auto account = std::make_shared<std::string>();
  command.add_option("GROUP", *of, "name of the group")->required();
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
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
  auto name = std::make_shared<std::string>();
  creating.add_option("GROUP", *name, "its name, up to 100 characters; capitals do not count")->required();
  creating.callback([&chosen, name] {
    chosen.in_house = [name](const flow::House& house, Console& console) { return create(house, console, *name); };
  });
  add_list_command(group, "list the groups with their members", chosen, list);
  add_membership(group, chosen, "add", "put an account into a group; counts from its next login on", true);
  add_membership(group, chosen, "remove", "take an account out of a group", false);
}

}  // namespace app
