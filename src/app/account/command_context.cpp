// account context add|remove|list
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "base/time.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"

namespace app {
namespace {

namespace json = boost::json;

struct Which {
  std::string account;
  std::string context;
  std::string from;  // days
  std::string until;
};

base::Result<std::optional<flow::TermWish>> find_term(const flow::House& house, const Which& which) {
  if (which.from.empty() && which.until.empty()) return std::nullopt;
  flow::TermWish term;
  const std::string& zone = house.settings.site.time_zone;
  const auto bad_day = [] { return base::fail(base::Code::invalid_input, "a day is YYYY-MM-DD"); };
  if (!which.from.empty() && !(term.from = text::find_day(which.from, zone))) return bad_day();
  if (!which.until.empty() && which.until != "never" && !(term.until = text::find_day(which.until, zone, 1)))
    return bad_day();
  return std::optional(term);
}

int change(const flow::House& house, Console& console, const Which& which, bool is_added) {
  const Operator by = make_command_operator();
  const auto term = find_term(house, which);
  if (!term) return refuse(console, term.error());
  const auto changed = (is_added ? flow::add_context : flow::remove_context)(
      house, by.actor, {which.account, which.context, *term}, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), which.context, context_keys(house, by.actor, ""));
  const std::string is_so = *changed ? " now" : " already";
  return report_change(
      console,
      "account " + which.account + (is_added ? " has" : " is without") + " the context " + which.context + is_so,
      *changed);
}

int list(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto contexts = flow::list_held_contexts(house, by.actor, account, by.facts.now);
  if (!contexts) return refuse(console, contexts.error());
  ListPrinter printer(console, {"key", "role", "from", "until"});
  for (const flow::HeldContext& held : *contexts) {
    json::object row{{"key", held.context.key}, {"role", held.context.role}, {"from", base::to_rfc3339(held.from)}};
    row["until"] = held.until ? json::value(base::to_rfc3339(*held.until)) : json::value(nullptr);
    printer.add(row);
  }
  return printer.finish();
}

void add_change(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool is_added) {
  auto& command = add_house_command(group, name, about, chosen);
  auto which = std::make_shared<Which>();
  command.add_option(account_positional.name, which->account, account_positional.about)->required();
  command.add_option("CONTEXT", which->context, "key of the context: user, administrator, super_administrator")
      ->required();
  std::vector<std::string> examples{"account context " + name + " anna.kowalska administrator"};
  if (is_added) {
    command.add_option("--from", which->from, "first day, YYYY-MM-DD; from now on if it is not given");
    command.add_option("--until", which->until, "last day, YYYY-MM-DD, or \"never\"; without end if it is not given");
    examples.push_back("account context add anna.kowalska administrator --from 2026-07-01 --until 2026-07-31");
  }
  give_examples(command, examples);
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
  auto& listing = add_house_command(group, "list",
                                    "list the acting contexts of an account: key, role, from when, until when", chosen);
  add_header_option(listing, chosen);
  give_examples(complete_with_name(listing, account_positional, chosen, list), {"account context list anna.kowalska"});
}

}  // namespace app
