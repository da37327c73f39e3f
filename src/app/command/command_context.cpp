// account context add|remove|list
#include <CLI/CLI.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "flow/account/change_contexts.hpp"

namespace app {
namespace {

struct Which {
  std::string account;
  std::string context;
};

int change(const flow::House& house, Console& console, const Which& which, bool is_added) {
  const Operator by = make_command_operator();
  const auto changed =
      (is_added ? flow::add_context : flow::remove_context)(house, by.actor, {which.account, which.context}, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), which.context, context_keys(house, by.actor, ""));
  const std::string is_so = *changed ? " now" : " already";
  return report_change(
      console,
      "account " + which.account + (is_added ? " has" : " is without") + " the context " + which.context + is_so,
      *changed);
}

int list(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto contexts = flow::list_contexts_of(house, by.actor, account, by.facts.now);
  if (!contexts) return refuse(console, contexts.error());
  ListPrinter printer(console, {"key", "role"});
  for (const rights::ActingContext& context : *contexts) {
    printer.add({{"key", context.key}, {"role", context.role}});
  }
  return printer.finish();
}

void add_change(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool is_added) {
  auto& command = add_house_command(group, name, about, chosen);
  auto which = std::make_shared<Which>();
  command.add_option(account_positional.name, which->account, account_positional.about)->required();
  command.add_option("CONTEXT", which->context, "key of the context: user, administrator, super_administrator")
      ->required();
  give_examples(command, {"account context " + name + " anna.kowalska administrator"});
  command.callback([&chosen, which, is_added] {
    chosen.in_house = [which, is_added](const flow::House& house, Console& console) {
      return change(house, console, *which, is_added);
    };
  });
}

}  // namespace

void add_account_contexts(CLI::App& account_group, Command& chosen) {
  CLI::App& group = add_command_group(account_group, "context", "acting contexts of an account");
  add_change(group, chosen, "add", "give an account an acting context", true);
  add_change(group, chosen, "remove", "take an acting context away; sessions that act in it end", false);
  auto& listing = add_house_command(group, "list", "list the acting contexts of an account: key, role", chosen);
  add_header_option(listing, chosen);
  give_examples(complete_with_name(listing, account_positional, chosen, list), {"account context list anna.kowalska"});
}

}  // namespace app
