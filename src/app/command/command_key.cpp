// key list|rotate|revoke|replace-master
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/config/load_config.hpp"
#include "app/house/installation.hpp"
#include "app/house/master_key_file.hpp"
#include "base/terminal.hpp"
#include "flow/setup/replace_master_key.hpp"
#include "flow/token/administer_keys.hpp"

namespace app {
namespace {

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto keys = flow::list_keys(house, by.actor);
  if (!keys) return refuse(console, keys.error());
  ListPrinter printer(console, {"kid", "algorithm", "state", "created_at", "changed_at"});
  for (const flow::KeyState& key : *keys) {
    printer.add({{"kid", key.kid},
                 {"algorithm", key.algorithm},
                 {"state", key.state},
                 {"created_at", base::to_rfc3339(key.created_at)},
                 {"changed_at", base::to_rfc3339(key.changed_at)}});
  }
  return printer.finish();
}

int rotate(const flow::House& house, Console& console, const std::string& named) {
  const Operator by = make_command_operator();
  const auto algorithm = crypto::parse_algorithm(named);
  if (!algorithm) return refuse(console, {base::Code::invalid_input, "the algorithm is ES256 or RS256, not " + named});
  const auto kid = flow::rotate_key(house, by.actor, *algorithm, by.facts);
  if (!kid) return refuse(console, kid.error());
  return report_change(console,
                       "key " + *kid + " signs from now on; the one before it stays published for oidc.key_overlap",
                       {{"kid", *kid}, {"state", "active"}, {"changed", true}});
}

int revoke(const flow::House& house, Console& console, const std::string& kid) {
  const Operator by = make_command_operator();
  const auto revoked = flow::revoke_key(house, by.actor, kid, by.facts);
  if (!revoked) return refuse(console, revoked.error());
  return report_change(
      console,
      "key " + kid + (*revoked ? " is revoked; tokens that it has signed are refused" : " was revoked already"),
      *revoked);
}

// Without a running server: it has the key before in its memory.
int replace_master(const std::string& file) {
  Console console;
  const auto config = load_config(file);
  if (!config) return refused;
  const auto replaced = [&]() -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto installation, Installation::open(*config, Purpose::command));
    const Operator by = make_command_operator();
    RETURN_IF_ERROR(flow::demand_no_other_process(installation->house(), by.actor, by.facts));
    ASSIGN_OR_RETURN(const crypto::MasterKey next, prepare_next_master_key(*config));
    RETURN_IF_ERROR(flow::replace_master_key(installation->house(), by.actor, next, by.facts));
    return put_next_master_key_in_force(*config);
  }();
  if (!replaced) {
    const int status = refuse(console, replaced.error());
    base::print(console.err, stderr);
    return status;
  }
  base::print("the database is sealed under a new master key, which is in " + config->master_key_file +
                  "; copy it to a safe place and to every node\n",
              stdout);
  return done;
}

}  // namespace

void add_key_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "key", "keys that sign tokens");
  give_examples(add_list_command(group, "list the keys: kid, algorithm, state, creation", chosen, list), {"key list"});
  auto& rotating =
      add_house_command(group, "rotate", "let the next key sign; tokens of the old one stay valid", chosen);
  auto algorithm = std::make_shared<std::string>("ES256");
  rotating.add_option("ALGORITHM,--algorithm", *algorithm, "ES256 or RS256")->capture_default_str();
  give_examples(rotating, {"key rotate", "key rotate RS256"});
  rotating.callback([&chosen, algorithm] {
    chosen.in_house = [algorithm](const flow::House& house, Console& console) {
      return rotate(house, console, *algorithm);
    };
  });
  auto& replacing = add_lone_command(group, "replace-master",
                                     "seal everything under a new master key; no server may run meanwhile", chosen);
  give_examples(replacing, {"key replace-master"});
  replacing.callback([&chosen] { chosen.alone = replace_master; });
  auto& revoking = add_house_command(group, "revoke", "refuse every token that a key has signed", chosen);
  auto kid = std::make_shared<std::string>();
  revoking.add_option("KID,--kid", *kid, "kid of the key; write --kid=… if it begins with a hyphen")->required();
  give_examples(revoking, {"key revoke 4bX0s1k", "key revoke --kid=-4bX0s1k"});
  revoking.callback([&chosen, kid] {
    chosen.in_house = [kid](const flow::House& house, Console& console) { return revoke(house, console, *kid); };
  });
}

}  // namespace app
