// group list|show|create|rename|delete|add|remove: groups of accounts, to which policies are bound
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_in_tenant.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/group/administer_groups.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::size_t members_at_a_time = 1000;

int create(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  const auto made = flow::create_group(house, by.actor, {which.tenant, which.name}, by.facts);
  if (!made) return refuse(console, made.error());
  return report_change(console, "the group " + which.name + " was created", {{"name", which.name}, {"created", true}});
}

int remove(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  const auto gone = flow::delete_group(house, by.actor, {which.tenant, which.name}, by.facts);
  if (!gone) {
    return refuse_unknown(console, gone.error(), which.name, group_names(house, by.actor, which.tenant));
  }
  return report_change(console, "the group " + which.name + " was deleted");
}

int list(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto groups = flow::list_groups(house, by.actor, tenant);
  if (!groups) return refuse(console, groups.error());
  ListPrinter printer(console, {"name", "members", "policies"});
  for (const flow::GroupRow& group : *groups) {
    printer.add({{"name", group.name}, {"members", group.members}, {"policies", json::value_from(group.policies)}});
  }
  return printer.finish();
}

int show(const flow::House& house, Console& console, const InTenant& which) {
  const Operator by = make_command_operator();
  ListPrinter printer(console, {"login"});
  flow::PageWish wish{.most = members_at_a_time};
  do {
    const auto page = flow::list_group_members(house, by.actor, {which.tenant, which.name}, wish);
    if (!page) {
      return refuse_unknown(console, page.error(), which.name, group_names(house, by.actor, which.tenant));
    }
    for (const flow::MemberRow& member : page->rows) printer.add({{"login", member.login}});
    wish = {flow::Turn::next, page->ends.next.value_or(std::string()), members_at_a_time};
  } while (!wish.row.empty());
  return printer.finish();
}

int set_member(const flow::House& house, Console& console, const std::string& group, const std::string& account,
               bool member) {
  const Operator by = make_command_operator();
  const auto changed = (member ? flow::add_member : flow::remove_member)(house, by.actor, {group, account}, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), group, group_names(house, by.actor, ""));
  const std::string is = *changed ? " is now" : " was already";
  return report_change(console, account + is + (member ? " in" : " not in") + " the group " + group, *changed);
}

void add_membership(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool member) {
  auto& command = add_house_command(group, name, about, chosen);
  auto of = std::make_shared<std::string>();
  auto account = std::make_shared<std::string>();
  command.add_option("GROUP", *of, "name of a group of the account's tenant")->required();
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  give_examples(command, {"group " + name + " nurses anna.kowalska"});
  command.callback([&chosen, of, account, member] {
    chosen.in_house = [of, account, member](const flow::House& house, Console& console) {
      return set_member(house, console, *of, *account, member);
    };
  });
}

int rename(const flow::House& house, Console& console, const InTenant& which, const std::string& name) {
  const Operator by = make_command_operator();
  const auto changed = flow::rename_group(house, by.actor, {which.tenant, which.name}, {"", name}, by.facts);
  if (!changed) {
    return refuse_unknown(console, changed.error(), which.name, group_names(house, by.actor, which.tenant));
  }
  return report_change(console, "the group is called " + name, *changed);
}

const Positional group_positional{"GROUP", "its name, up to 100 characters; capitals do not count"};

}  // namespace

void add_group_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "group", "groups of accounts, to which policies are bound");
  give_examples(add_list_in_tenant(group, "list the groups", chosen, list), {"group list", "group list --json"});
  auto& showing = add_house_command(group, "show", "list the members of a group", chosen);
  add_header_option(showing, chosen);
  complete_in_tenant(showing, group_positional, chosen, show);
  give_examples(showing, {"group show nurses"});
  auto& creating = add_house_command(group, "create", "create an empty group", chosen);
  complete_in_tenant(creating, group_positional, chosen, create);
  give_examples(creating, {"group create nurses", "group create \"night shift\""});
  auto& renaming = add_house_command(group, "rename", "give a group another name; members and policies stay", chosen);
  const auto which = add_in_tenant(renaming, group_positional);
  auto name = std::make_shared<std::string>();
  renaming.add_option("NAME", *name, "the new name")->required();
  give_examples(renaming, {"group rename nurses carers"});
  renaming.callback([&chosen, which, name] {
    chosen.in_house = [which, name](const flow::House& house, Console& console) {
      return rename(house, console, *which, *name);
    };
  });
  auto& deleting = add_house_command(group, "delete", "delete a group to which no policy is bound", chosen);
  complete_in_tenant(deleting, group_positional, chosen, remove);
  give_examples(deleting, {"group delete nurses"});
  add_membership(group, chosen, "add", "put an account into a group; counts from its next login on", true);
  add_membership(group, chosen, "remove", "take an account out of a group", false);
}

}  // namespace app
