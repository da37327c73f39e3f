// account bulk: one act on many accounts
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "audit/event.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/admin/bulk_act.hpp"
#include "flow/admin/bulk_at_once.hpp"

namespace app {
namespace {

struct BulkOptions {
  std::string act;
  std::string target;
  std::vector<std::string> accounts;
  flow::AccountQuery found;
  std::string file;
  std::string reason;
  bool is_preview = false;
};

/// The lines of a file without blanks around them; empty ones and those that begin with # are left out.
std::vector<std::string> read_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    lines.emplace_back(line);
  }
  return lines;
}

bool has_filter(const flow::AccountQuery& query) {
  return !query.text.empty() || !query.state.empty() || !query.kind.empty();
}

/// The ids of all accounts that are named or found. A name that is none is an error, so that nothing is done by half.
base::Result<std::vector<base::Id>> choose(const flow::House& house, const Operator& by, const BulkOptions& options,
                                           const std::string& file) {
  std::vector<std::string> names = options.accounts;
  for (std::string& line : read_lines(file)) names.push_back(std::move(line));
  std::vector<base::Id> ids;
  if (has_filter(options.found)) {
    ASSIGN_OR_RETURN(ids, flow::list_found_accounts(house, by.actor, options.found, flow::most_in_bulk + 1, by.facts));
  }
  if (ids.size() + names.size() > flow::most_in_bulk) {
    return base::fail(base::Code::invalid_input,
                      "more than " + std::to_string(flow::most_in_bulk) + " accounts; choose fewer at a time");
  }
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const identity::Account account, flow::find_named_account(house, by.actor, name, by.facts.now));
    ids.push_back(account.id);
  }
  if (ids.empty()) return base::fail(base::Code::not_found, "no account was named or found");
  return ids;
}

int print(Console& console, const std::vector<flow::BulkRow>& rows) {
  ListPrinter printer(console, {"login", "outcome", "name"});
  bool has_failed = false;
  for (const flow::BulkRow& row : rows) {
    const std::string outcome = row.outcome.empty() ? "would_change" : row.outcome;
    has_failed = has_failed || outcome == flow::bulk_outcome::failed;
    printer.add({{"login", row.login}, {"outcome", outcome}, {"name", row.name}, {"id", row.account_id.to_string()}});
  }
  const int printed = printer.finish();
  return has_failed ? static_cast<int>(refused) : printed;
}

int act(const flow::House& house, Console& console, const BulkOptions& options) {
  Operator by = make_command_operator();
  if (!options.reason.empty()) {
    by.facts.motive = audit::motive::find(options.reason);
    if (by.facts.motive.empty()) {
      return refuse(console, {base::Code::invalid_input, "--reason: asked, left, misuse, lost, mistake or other"});
    }
  }
  auto ids = choose(house, by, options, console.file);
  if (!ids) return refuse(console, ids.error());
  const flow::BulkWish wish{options.act, options.target, *std::move(ids)};
  const auto rows = options.is_preview ? flow::preview_bulk(house, by.actor, wish, by.facts.now)
                                       : flow::do_bulk_at_once(house, by.actor, wish, by.facts);
  if (!rows) return refuse(console, rows.error());
  return print(console, *rows);
}

}  // namespace

void add_account_bulk(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "bulk", "one act on many accounts, with an outcome for each", chosen);
  auto options = std::make_shared<BulkOptions>();
  command
      .add_option(
          "ACT", options->act,
          "add_group, remove_group, give_context, take_context, suspend, restore, reset or sessions (ends them)")
      ->required();
  command.add_option("TARGET", options->target, "name of the group or key of the context, for the first four acts");
  command.add_option("--account", options->accounts, "login, e-mail address or id; may be given several times");
  command.add_option("--accounts-file", options->file, "a file with one of these a line");
  command.add_option("--search", options->found.text, "all that this search finds, as in `account list`");
  command.add_option("--state", options->found.state, "all of this state, or of the search: active, locked, suspended");
  command.add_option("--kind", options->found.kind, "all of this kind, or of the search, as in `account list`");
  command.add_option("--reason", options->reason, "for the audit log: asked, left, misuse, lost, mistake or other");
  command.add_flag("--preview", options->is_preview, "says what would be done, and does nothing");
  add_header_option(command, chosen);
  give_examples(command, {"account bulk suspend --account jan.nowak --account piotr.wisniewski --reason left",
                          "account bulk add_group nurses --accounts-file nurses.txt --preview",
                          "account bulk sessions --search \"nowak\" --json"});
  command.callback([&chosen, options] {
    if (options->accounts.empty() && options->file.empty() && !has_filter(options->found)) {
      throw CLI::RequiredError("--account, --accounts-file, --search, --state or --kind");
    }
    chosen.file = options->file;
    chosen.in_house = [options](const flow::House& house, Console& console) { return act(house, console, *options); };
  });
}

}  // namespace app
