// backup, restore
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/config/load_config.hpp"
#include "app/house/machine.hpp"
#include "app/setup/copy_command.hpp"
#include "flow/setup/new_file.hpp"

namespace app {
namespace {

struct BackupOptions {
  std::string file;
  std::string key;
  std::string make_key;
  bool is_not_verified = false;
  bool has_master_key = false;
  bool json = false;
};

int make_key(const std::string& path) {
  const crypto::RecipientKeys keys = crypto::make_recipient();
  const auto written = [&]() -> base::Result<void> {
    RETURN_IF_ERROR(flow::write_new_file(path, std::string(flow::print_secret_key(keys).reveal()) + "\n"));
    return flow::write_new_file(path + ".pub", flow::print_public_key(keys.public_key) + "\n");
  }();
  if (!written) return refuse_at_once(written.error());
  std::error_code ignored;
  std::filesystem::permissions(path + ".pub", std::filesystem::perms(0644), ignored);
  Console console;
  console.out = path + ".pub: the public key; give it to `chancery backup --key`\n" + path +
                ": the secret key; without it no backup can be opened. Keep it, and a copy of it, in places that are "
                "neither this machine nor those of the backups\n";
  return print_here(console, done);
}

int make_backup(const flow::House& house, Console& console, const BackupOptions& options) {
  const Operator by = make_command_operator();
  auto key = flow::parse_public_key(console.file);
  if (!key) return refuse(console, key.error());
  flow::CopyOrder order;
  order.public_key = std::move(*key);
  order.program = program_version();
  order.is_verified = !options.is_not_verified;
  order.has_master_key = options.has_master_key;
  const auto made = flow::make_backup(house, by.actor, order, by.facts);
  if (!made) return refuse(console, made.error());
  if (options.has_master_key) {
    console.err +=
        "chancery: the master key is in this backup: whoever has it and its secret key can read everything in it\n";
  }
  if (options.is_not_verified) console.err += "chancery: nobody has tried whether this backup can be restored\n";
  console.out = print_made_copy(*made);
  return done;
}

int back_up(const std::string& config_file, const std::shared_ptr<BackupOptions>& options) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  CopyCommand command;
  command.argv = {"backup", options->file, "--key", options->key};
  if (options->is_not_verified) command.argv.emplace_back("--no-verify");
  if (options->has_master_key) command.argv.emplace_back("--with-master-key");
  command.key_file = options->key;
  command.file = options->file;
  command.json = options->json;
  command.made_sentence = options->is_not_verified ? "the backup is made"
                                                   : "the backup is made, and was restored once to see that it can be";
  command.in_house = [options](const flow::House& house, Console& console) {
    return make_backup(house, console, *options);
  };
  return run_copy_command(*config, command);
}

void add_backup(CLI::App& root, Command& chosen) {
  auto& backing_up = add_lone_command(
      root, "backup", "copy the embedded database while the server runs, sealed, and try whether it restores", chosen);
  auto options = std::make_shared<BackupOptions>();
  backing_up.add_option("FILE", options->file, "file to be made");
  backing_up.add_option("--key", options->key, "file with the public key that --make-key has made")->type_name("FILE");
  backing_up
      .add_option("--make-key", options->make_key,
                  "make the keys instead: the secret one in this file, the public one in a file beside it (.pub)")
      ->type_name("FILE");
  backing_up.add_flag("--no-verify", options->is_not_verified, "do not restore the backup to see that it can be");
  backing_up.add_flag("--with-master-key", options->has_master_key,
                      "put the master key into the backup as well; then its secret key opens everything");
  backing_up.add_flag("--json", options->json, "answer in JSON")->group(common_group);
  give_examples(backing_up, {"backup --make-key backup.key", "backup /backup/chancery.sealed --key backup.key.pub"});
  backing_up.callback([&chosen, options] {
    if (!options->make_key.empty()) {
      chosen.needs_config = false;
      chosen.alone = [options](const std::string&) { return make_key(options->make_key); };
      return;
    }
    if (options->file.empty()) throw CLI::RequiredError("FILE");
    if (options->key.empty()) throw CLI::RequiredError("--key");
    chosen.alone = [options](const std::string& file) { return back_up(file, options); };
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return make_backup(house, console, *options);
    };
  });
}

struct RestoreOptions {
  std::string file;
  std::string into;
  std::string key;
  std::string master_key;
  bool json = false;
};

base::Result<std::optional<crypto::MasterKey>> find_key_of(const RestoreOptions& options) {
  std::string path = options.master_key;
  const std::string beside = (std::filesystem::path(options.into) / "master.key").string();
  std::error_code error;
  if (path.empty() && std::filesystem::exists(beside, error)) path = beside;
  base::Secret text;
  if (!path.empty()) {
    ASSIGN_OR_RETURN(std::string read, read_small_file(path));
    text = base::Secret(std::move(read));
  } else if (const char* const variable = std::getenv("CHANCERY_MASTER_KEY"); variable != nullptr) {
    path = "CHANCERY_MASTER_KEY";
    text = base::Secret(variable);
  } else {
    return std::optional<crypto::MasterKey>();
  }
  auto key = crypto::MasterKey::parse(text.reveal());
  if (!key) return base::fail(key.error().code, path + " holds no master key: " + key.error().reason);
  return std::optional(std::move(*key));
}

boost::json::object object_of(const flow::Restored& restored) {
  boost::json::object object;
  object["made_at"] = base::to_rfc3339(restored.head.made_at);
  object["program"] = restored.head.program;
  object["digest"] = restored.digest;
  object["events"] = restored.chain.events;
  object["anchor"] = std::to_string(restored.chain.head_seq) + ":" + restored.chain.head_hash;
  object["intact"] = restored.chain.flaws.empty();
  return object;
}

int restore(const std::shared_ptr<RestoreOptions>& options) {
  flow::RestoreOrder order;
  order.file = options->file;
  order.folder = options->into;
  order.facts = make_command_operator().facts;
  const auto restored = [&]() -> base::Result<flow::Restored> {
    ASSIGN_OR_RETURN(order.keys, read_secret_key(options->key));
    ASSIGN_OR_RETURN(order.master, find_key_of(*options));
    return flow::restore_backup(order);
  }();
  if (!restored) return refuse_at_once(restored.error());
  Console console;
  console.form.json = options->json;
  if (options->json) {
    console.out = boost::json::serialize(object_of(*restored)) + "\n";
  } else {
    const std::string anchor = std::to_string(restored->chain.head_seq) + ":" + restored->chain.head_hash;
    console.out = options->into + ": the database of " + base::to_rfc3339(restored->head.made_at) + " is restored\n" +
                  "sha256 " + restored->digest + "\n" + std::to_string(restored->chain.events) +
                  " events of the audit log; the last one is of " + base::to_rfc3339(restored->last_event) + ", head " +
                  anchor +
                  "\nCompare it with the anchors that you keep elsewhere: a higher number there says how many events "
                  "are missing here.\n";
    if (restored->has_written_key) {
      console.out += options->into + "/master.key: the master key was written there\n";
    }
  }
  if (!order.master) {
    console.err =
        "chancery: the master key came from the file itself, which anybody with the public key can have made; compare "
        "sha256 " +
        restored->digest + " with what the backup printed before you use it\n";
  }
  return print_here(console, report_chain(console, restored->chain, done));
}

void add_restore(CLI::App& root, Command& chosen) {
  CLI::App* const restoring =
      root.add_subcommand("restore", "make a database of a backup, in a folder that has none, and verify it");
  auto options = std::make_shared<RestoreOptions>();
  restoring->add_option("FILE", options->file, "file that `chancery backup` has made")->required();
  restoring->add_option("--into", options->into, "data folder; it is made if it is not there")
      ->type_name("FOLDER")
      ->required();
  restoring->add_option("--key", options->key, "file with the secret key of the backup")->type_name("FILE")->required();
  restoring
      ->add_option("--master-key", options->master_key,
                   "file with the master key; otherwise master.key of the folder, the variable "
                   "CHANCERY_MASTER_KEY, or the key that is in the backup")
      ->type_name("FILE");
  restoring->add_flag("--json", options->json, "answer in JSON")->group(common_group);
  give_examples(*restoring, {"restore /backup/chancery.sealed --into /var/lib/chancery --key backup.key --master-key "
                             "master.key"});
  restoring->callback([&chosen, options] {
    chosen.needs_config = false;
    chosen.alone = [options](const std::string&) { return restore(options); };
  });
}

}  // namespace

void add_backup_commands(CLI::App& root, Command& chosen) {
  add_backup(root, chosen);
  add_restore(root, chosen);
}

}  // namespace app
