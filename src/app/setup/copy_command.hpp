// What the commands backup, restore, dump and load share. The server makes a copy, because it alone may open the
// embedded database while it runs, and leaves it sealed in its data folder; the command puts it where the person who
// calls it may write.
#pragma once

#include <string>
#include <vector>

#include "app/command/command.hpp"
#include "app/config/config.hpp"
#include "crypto/key/sealed_stream.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/setup/back_up.hpp"

namespace app {

/// What the server says of a copy that it has made.
std::string print_made_copy(const flow::MadeCopy& made);

struct CopyCommand {
  std::vector<std::string> argv;  // for the server
  std::string key_file;           // public key
  std::string file;               // to be made
  bool json = false;
  std::string made_sentence;  // "the backup is made"
  std::function<int(const flow::House&, Console&)> in_house;
};
/// Asks the running server, or opens the installation; puts the file in its place, and prints. Gives the exit status.
int run_copy_command(const Config& config, const CopyCommand& command);

/// Errors: not_found, unavailable, invalid_input.
base::Result<std::string> read_small_file(const std::string& path);
base::Result<crypto::RecipientKeys> read_secret_key(const std::string& path);
/// Prints to the standard streams.
int print_here(const Console& console, int status);
int refuse_at_once(const base::Error& error);
/// The lines about the log, and `refused` if it is not intact.
int report_chain(Console& console, const flow::ChainReport& chain, int status);

}  // namespace app
