// dump, load
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/config/load_config.hpp"
#include "app/house/first_start.hpp"
#include "app/house/machine.hpp"
#include "app/house/master_key_file.hpp"
#include "app/setup/copy_command.hpp"
#include "flow/setup/transfer.hpp"

namespace app {
namespace {

struct DumpOptions {
  std::string file;
  std::string key;
  bool json = false;
};

// `into`: "" = the folder of the server.
int make_dump(const flow::House& house, Console& console, const std::string& into) {
  const Operator by = make_command_operator();
  auto key = flow::parse_public_key(console.file);
  if (!key) return refuse(console, key.error());
  flow::CopyOrder order;
  order.public_key = std::move(*key);
  order.program = program_version();
  order.into = into;
  const auto made = flow::dump_installation(house, by.actor, order, by.facts);
  if (!made) return refuse(console, made.error());
  console.out = print_made_copy(*made);
  return done;
}

int dump(const std::string& config_file, const std::shared_ptr<DumpOptions>& options) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  CopyCommand command;
  command.argv = {"dump", options->file, "--key", options->key};
  command.key_file = options->key;
  command.file = options->file;
  command.json = options->json;
  command.made_sentence = "the installation is dumped";
  // PostgreSQL has no folder of the server: the file grows where it shall be.
  const std::string into = config->is_sqlite() ? std::string() : options->file + ".unfinished";
  std::error_code ignored;
  if (!into.empty()) std::filesystem::remove(into, ignored);
  command.in_house = [into](const flow::House& house, Console& console) { return make_dump(house, console, into); };
  return run_copy_command(*config, command);
}

base::Result<flow::Loaded> load_into(const Config& config, const DumpOptions& options) {
  flow::LoadOrder order;
  order.file = options.file;
  order.facts = make_command_operator().facts;
  ASSIGN_OR_RETURN(order.keys, read_secret_key(options.key));
  ASSIGN_OR_RETURN(FirstStart start, FirstStart::begin(config));
  auto master = find_master_key(config, false);
  if (!master) {
    return base::fail(master.error().code,
                      master.error().reason + " (a dump needs the master key of the installation that was dumped)");
  }
  ASSIGN_OR_RETURN(const auto database, store::Store::open(config.store, *master));
  ASSIGN_OR_RETURN(flow::Loaded loaded, flow::load_installation(*database, order));
  start.keep();
  return loaded;
}

int load(const std::string& config_file, const std::shared_ptr<DumpOptions>& options) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  const auto loaded = load_into(*config, *options);
  if (!loaded) return refuse_at_once(loaded.error());
  const std::string anchor = std::to_string(loaded->chain.head_seq) + ":" + loaded->chain.head_hash;
  Console console;
  if (options->json) {
    boost::json::object object;
    object["made_at"] = base::to_rfc3339(loaded->head.made_at);
    object["from"] = loaded->head.database;
    object["digest"] = loaded->digest;
    object["rows"] = loaded->rows;
    object["events"] = loaded->chain.events;
    object["anchor"] = anchor;
    object["intact"] = loaded->chain.flaws.empty();
    console.out = boost::json::serialize(object) + "\n";
  } else {
    console.out = "the installation of " + base::to_rfc3339(loaded->head.made_at) +
                  " is loaded: " + std::to_string(loaded->rows) + " rows\n" + std::to_string(loaded->chain.events) +
                  " events of the audit log, head " + anchor + "\n";
  }
  return print_here(console, report_chain(console, loaded->chain, done));
}

}  // namespace

void add_dump_commands(CLI::App& root, Command& chosen) {
  auto& dumping = add_lone_command(
      root, "dump", "write everything that the database has into a sealed file, for a database of either kind", chosen);
  auto options = std::make_shared<DumpOptions>();
  dumping.add_option("FILE", options->file, "file to be made")->required();
  dumping.add_option("--key", options->key, "file with the public key of `chancery backup --make-key`")
      ->type_name("FILE")
      ->required();
  dumping.add_flag("--json", options->json, "answer in JSON")->group(common_group);
  give_examples(dumping, {"dump /backup/chancery.dump --key backup.key.pub"});
  dumping.callback([&chosen, options] {
    chosen.alone = [options](const std::string& file) { return dump(file, options); };
    chosen.in_house = [](const flow::House& house, Console& console) { return make_dump(house, console, ""); };
  });

  auto& loading = add_lone_command(
      root, "load", "fill an unused database with everything that a dump has; no server may run meanwhile", chosen);
  auto from = std::make_shared<DumpOptions>();
  loading.add_option("FILE", from->file, "file that `chancery dump` has made")->required();
  loading.add_option("--key", from->key, "file with the secret key")->type_name("FILE")->required();
  loading.add_flag("--json", from->json, "answer in JSON")->group(common_group);
  give_examples(loading, {"load /backup/chancery.dump --key backup.key"});
  loading.callback([&chosen, from] {
    chosen.takes_demonstration = false;
    chosen.alone = [from](const std::string& file) { return load(file, from); };
  });
}

}  // namespace app
