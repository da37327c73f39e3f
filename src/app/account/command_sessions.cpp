// account sessions list|end
#include <CLI/CLI.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/time.hpp"
#include "flow/account/end_sessions_for.hpp"

namespace app {
namespace {

int list(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto sessions = flow::list_sessions_for(house, by.actor, account, by.facts.now);
  if (!sessions) return refuse(console, sessions.error());
  ListPrinter printer(console, {"id", "began", "last_seen", "ip"});
  for (const rights::Session& session : *sessions) {
    printer.add({{"id", session.id.to_string()},
                 {"began", base::to_rfc3339(session.auth_time)},
                 {"last_seen", base::to_rfc3339(session.last_seen)},
                 {"ip", session.ip},
                 {"user_agent", session.user_agent}});
  }
  return printer.finish();
}

int end(const flow::House& house, Console& console, const std::string& account, const std::string& session) {
  const Operator by = make_command_operator();
  if (session.empty()) {
    const auto ended = flow::end_sessions_for(house, by.actor, account, by.facts);
    if (!ended) return refuse(console, ended.error());
    return report_change(console, "all sessions of account " + account + " have ended");
  }
  const auto id = base::Id::parse(session);
  if (!id) return refuse(console, id.error());
  const auto ended = flow::end_session_for(house, by.actor, account, *id, by.facts);
  if (!ended) return refuse(console, ended.error());
  return report_change(console, "session " + session + " of account " + account + " has ended");
}

}  // namespace

void add_account_sessions(CLI::App& account_group, Command& chosen) {
  CLI::App& group = add_command_group(account_group, "sessions", "open sessions of an account");
  auto& listing = add_house_command(group, "list", "list them: id, begin, last use, address", chosen);
  add_header_option(listing, chosen);
  give_examples(complete_with_name(listing, account_positional, chosen, list), {"account sessions list anna.kowalska"});
  auto& ending = add_house_command(group, "end", "end one session or all, also in the applications", chosen);
  auto of = std::make_shared<std::string>();
  auto session = std::make_shared<std::string>();
  ending.add_option(account_positional.name, *of, account_positional.about)->required();
  auto* const one = ending.add_option("--session", *session, "id of the session, as `list` gives it");
  auto is_all = std::make_shared<bool>(false);
  auto* const all = ending.add_flag("--all", *is_all, "every session of the account");
  one->excludes(all);
  give_examples(ending, {"account sessions end anna.kowalska --all",
                         "account sessions end anna.kowalska --session 01939d3e-6a5b-7c1d-9e2f-3a4b5c6d7e8f"});
  ending.callback([&chosen, of, session, is_all] {
    if (session->empty() && !*is_all) throw CLI::RequiredError("--session or --all");
    chosen.in_house = [of, session](const flow::House& house, Console& console) {
      return end(house, console, *of, *session);
    };
  });
}

}  // namespace app
