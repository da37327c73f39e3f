#include "app/setup/copy_command.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/command/control.hpp"
#include "app/command/print_answer.hpp"
#include "app/house/installation.hpp"
#include "base/terminal.hpp"
#include "flow/setup/new_file.hpp"

namespace app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t most_key_file = 4096;

base::Result<void> demand_place(const std::string& file) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(file, error))) {
    return base::fail(base::Code::already_exists, file + " is there already; nothing is replaced");
  }
  const fs::path folder = fs::absolute(file).parent_path();
  if (fs::is_directory(folder, error)) return {};
  return base::fail(base::Code::not_found, "there is no folder " + folder.string());
}

/// Whether the server may have made this file: whoever has taken it over could name any other, and this program, which
/// may be root, would move it away.
bool is_copy_of_server(const Config& config, const std::string& file) {
  const fs::path path(file);
  std::error_code error;
  const fs::path copies = fs::path(config.database_file()).parent_path() / "copies";
  return path.filename().string().starts_with("sealed-") && fs::equivalent(path.parent_path(), copies, error) &&
         fs::is_regular_file(fs::symlink_status(path, error));
}

struct Made {
  int status = done;
  Console console;
};

// In the running server, or here.
base::Result<Made> make(const Config& config, const CopyCommand& command, const Console& input) {
  Made made;
  if (config.is_sqlite()) {
    ASSIGN_OR_RETURN(auto answer, ask_server(config.control_socket(), command.argv, input));
    if (answer) return Made{answer->status, std::move(answer->console)};
  }
  ASSIGN_OR_RETURN(const auto installation, Installation::open(config, Purpose::command));
  made.console.file = input.file;
  made.status = command.in_house(installation->house(), made.console);
  return made;
}

std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

void print_sentences(Console& console, const json::object& answer) {
  const auto number = [&](std::string_view name) {
    const auto* value = answer.if_contains(name);
    return value != nullptr && value->is_int64() ? std::to_string(value->get_int64()) : std::string("0");
  };
  console.out += "sha256 " + text_in(answer, "digest") + ", " + number("octets") + " octets";
  if (number("rows") != "0") console.out += ", " + number("rows") + " rows";
  console.out += "\n" + number("events") + " events of the audit log";
  const std::string anchor = text_in(answer, "anchor");
  if (!anchor.empty()) console.out += ", up to " + anchor;
  console.out += "\n";
}

}  // namespace

std::string print_made_copy(const flow::MadeCopy& made) {
  json::object object;
  object["file"] = made.file;
  object["digest"] = made.digest;
  object["octets"] = made.octets;
  object["rows"] = made.rows;
  object["made_at"] = base::to_rfc3339(made.made_at);
  object["events"] = made.chain.events;
  if (!made.chain.head_hash.empty()) {
    object["anchor"] = std::to_string(made.chain.head_seq) + ":" + made.chain.head_hash;
  }
  json::array flaws;
  for (const audit::ChainFlaw& flaw : made.chain.flaws) flaws.emplace_back(audit::describe(flaw));
  object["flaws"] = std::move(flaws);
  return json::serialize(object) + "\n";
}

base::Result<std::string> read_small_file(const std::string& path) {
  ASSIGN_OR_RETURN(auto file, flow::OpenFile::open(path));
  return file.read(most_key_file);
}

base::Result<crypto::RecipientKeys> read_secret_key(const std::string& path) {
  ASSIGN_OR_RETURN(std::string text, read_small_file(path));
  auto keys = flow::parse_secret_key(base::Secret(std::move(text)));
  if (!keys) return base::fail(keys.error().code, path + ": " + keys.error().reason);
  return keys;
}

int print_here(const Console& console, int status) {
  base::print(console.out, stdout);
  base::print(console.err, stderr);
  return status;
}

int refuse_at_once(const base::Error& error) {
  Console console;
  const int status = refuse(console, error);
  return print_here(console, status);
}

int report_chain(Console& console, const flow::ChainReport& chain, int status) {
  if (chain.flaws.empty()) return status;
  for (const audit::ChainFlaw& flaw : chain.flaws) console.err.append(audit::describe(flaw)).append("\n");
  return refuse(console, {base::Code::conflict, "the audit log is not intact; it was not before the copy either"});
}

int run_copy_command(const Config& config, const CopyCommand& command) {
  if (const auto place = demand_place(command.file); !place) return refuse_at_once(place.error());
  Console input;
  auto key = read_small_file(command.key_file);
  if (!key) return refuse_at_once(key.error());
  if (auto parsed = flow::parse_public_key(*key); !parsed) {
    return refuse_at_once({parsed.error().code, command.key_file + ": " + parsed.error().reason});
  }
  input.file = std::move(*key);
  const auto made = make(config, command, input);
  if (!made) return refuse_at_once(made.error());
  if (made->status != done) return print_here(made->console, made->status);
  boost::system::error_code error;
  const json::value parsed = json::parse(made->console.out, error);
  if (error || !parsed.is_object()) {
    return refuse_at_once({base::Code::internal, "the answer of the server cannot be read"});
  }
  json::object answer = parsed.get_object();
  if (config.is_sqlite() && !is_copy_of_server(config, text_in(answer, "file"))) {
    return refuse_at_once({base::Code::denied, "the server names a file that is no copy of its database"});
  }
  if (const auto put = flow::put_in_place(text_in(answer, "file"), command.file); !put) {
    return refuse_at_once(put.error());
  }
  answer["file"] = command.file;
  Console console;
  console.form.json = command.json;
  console.err = made->console.err;
  if (command.json) {
    console.out = json::serialize(answer) + "\n";
  } else {
    console.out = command.file + ": " + command.made_sentence + "\n";
    print_sentences(console, answer);
  }
  int status = done;
  if (const auto& flaws = answer.at("flaws").get_array(); !flaws.empty()) {
    for (const auto& flaw : flaws) console.err.append(flaw.get_string()).append("\n");
    status = refuse(console, {base::Code::conflict, "the audit log is not intact, in the database and so in its copy"});
  }
  return print_here(console, status);
}

}  // namespace app
