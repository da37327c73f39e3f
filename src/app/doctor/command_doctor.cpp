// doctor: everything that can be seen to be wrong, each with what to do. It looks from outside at the machine and the
// servers around, and asks the running server, or opens the installation itself, for the rest.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/command/command_groups.hpp"
#include "app/command/control.hpp"
#include "app/doctor/examine_house.hpp"
#include "app/doctor/examine_machine.hpp"
#include "app/doctor/examine_settings.hpp"
#include "app/doctor/server_eyes.hpp"
#include "app/house/installation.hpp"
#include "app/house/machine.hpp"
#include "app/house/master_key_file.hpp"
#include "base/terminal.hpp"
#include "store/engine/store.hpp"

namespace app {
namespace {

namespace json = boost::json;

// For the answer of the running server: what it tells at once, and the walks through all events and pages.
constexpr base::Duration answer_at_once = std::chrono::seconds(40);
constexpr base::Duration longest_walk = std::chrono::minutes(10);

struct DoctorOptions {
  bool is_quick = false;
  bool is_strict = false;
  bool is_inside = false;
  bool walks = false;
};

/// What the running server says of itself: {"version":…,"user":…,"open_files":…,"checks":[…]}.
int answer_inside(const flow::House& house, Console& console, bool walks) {
  Findings findings;
  walks ? walk_through_house(house, findings) : examine_house(house, findings);
  rlimit files{};
  (void)::getrlimit(RLIMIT_NOFILE, &files);
  console.out = json::serialize(json::object{{"version", program_version()},
                                             {"user", ::geteuid()},
                                             {"open_files", files.rlim_cur},
                                             {"checks", findings.to_json()}}) +
                "\n";
  return done;
}

void examine_version(const json::object& told, Findings& findings) {
  const json::value* const version = told.if_contains("version");
  const std::string running = version != nullptr && version->is_string() ? std::string(version->get_string()) : "?";
  if (running == program_version()) {
    findings.fine("version.server", "the server runs version " + running);
  } else {
    findings.warning("version.server",
                     "the server runs version " + running + ", and this program is " + program_version(),
                     "restart the server to use the program that is installed: systemctl restart chancery");
  }
}

std::optional<std::uint64_t> number_in(const json::object& told, std::string_view key) {
  const json::value* const found = told.if_contains(key);
  boost::system::error_code wrong;
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const auto number = found->to_number<std::uint64_t>(wrong);
  return wrong ? std::nullopt : std::optional(number);
}

/// An answer of `doctor --inside`, or nullopt: no server runs, or it has said why there is none.
struct Inside {
  bool is_running = true;
  std::optional<json::object> told;
};

Inside ask_inside(const Config& config, const char* part, base::Duration patience, Findings& findings) {
  const auto answer = ask_server(config.control_socket(), {"doctor", "--inside", part}, Console{}, patience);
  if (!answer) {
    findings.fault(
        "server.answers", answer.error().reason,
        "run this as root or as the user of the server; if it is so already, the server waits for something: "
        "look at its log, at its database and at `chancery top`, and restart it");
    return {};
  }
  if (!*answer) return {.is_running = false, .told = std::nullopt};
  boost::system::error_code wrong;
  const json::value told = json::parse((*answer)->console.out, wrong);
  const json::object* const object = wrong ? nullptr : told.if_object();
  const json::value* const checks = object == nullptr ? nullptr : object->if_contains("checks");
  if (checks == nullptr || !checks->is_array()) {
    findings.fault("server.answers", "the running server does not know this command: it is another version",
                   "restart the server to use the program that is installed: systemctl restart chancery");
    return {};
  }
  findings.add(Findings::from_json(checks->get_array()));
  return {.is_running = true, .told = *object};
}

/// Asks the running server. Gives whether one runs.
bool examine_inside(const Config& config, const DoctorOptions& options, Findings& findings) {
  Inside inside = ask_inside(config, "--quick", answer_at_once, findings);
  if (!inside.told) return inside.is_running;
  findings.fine("server.answers", "the server runs and answers");
  examine_version(*inside.told, findings);
  if (const auto user = number_in(*inside.told, "user")) examine_user(*user, findings);
  if (const auto files = number_in(*inside.told, "open_files")) examine_handles(config, *files, findings);
  if (!options.is_quick && !findings.has_fault("database.ready")) {
    (void)ask_inside(config, "--walks", longest_walk, findings);
  }
  return true;
}

/// The next start would be refused, and nobody would know any more why.
void examine_master_key(const Config& config, Findings& findings) {
  if (config.is_in_memory()) return;
  const std::string check = "files.master_key";
  auto master = find_master_key(config, false);
  if (!master) {
    if (is_possible(config.master_key_file, F_OK)) {  // else examine_files has said that it is gone
      findings.fault(check, master.error().reason, "put the key back from its copy before the server is restarted");
    }
    return;
  }
  store::Options options = config.store;
  options.read_only = true;
  const auto opened = store::Store::open(std::move(options), *std::move(master));
  if (opened) {
    findings.fine(check, "the master key is the one of the database");
  } else if (opened.error().code == base::Code::invalid_input) {
    findings.fault(check, opened.error().reason + "; the server that runs still has the right one in its memory",
                   "put the key back from its copy before the server is restarted");
  }
}

void open_inside(Config config, const DoctorOptions& options, Findings& findings) {
  if (config.is_sqlite() && !config.is_in_memory() && !is_possible(config.database_file(), F_OK)) {
    findings.warning("server.answers", "no server runs, and there is no database yet",
                     "start the server; its first start makes the database and the master key");
    return;
  }
  findings.warning("server.answers", "no server runs on this configuration", "say: systemctl start chancery");
  config.store.migrate = false;
  const auto opened = Installation::open(config, Purpose::look);
  if (!opened) {
    findings.fault("database.opens", opened.error().reason,
                   opened.error().code == base::Code::internal
                       ? advice_for_damage
                       : "docs/operators/install.md lists the reasons under: When it does not start");
    return;
  }
  findings.fine("database.opens", "the database opens with this master key and has this program's version");
  examine_house((*opened)->house(), findings);
  if (!options.is_quick && !findings.has_fault("database.ready")) walk_through_house((*opened)->house(), findings);
}

int examine(const std::string& file, const Form& form, const DoctorOptions& options) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write(2), perhaps to a listener that has closed
  Findings findings;
  const ConfigReading reading = read_config(file, process_environment());
  if (examine_reading(reading, findings)) {
    const Config& config = reading.config;
    const base::Time now = base::now();
    examine_settings(config, findings);
    examine_files(config, file, findings);
    examine_certificates(config, now, findings);
    examine_clock(now, findings);
    examine_disk(config, findings);
    examine_memory(config, findings);
    const bool is_running = examine_inside(config, options, findings);
    {
      const ServerEyes eyes(config.data_dir);  // so that nothing here is left to root
      if (!is_running) open_inside(config, options, findings);
      if (is_running && !findings.has_fault("server.answers") && !findings.has_fault("database.ready")) {
        examine_master_key(config, findings);
      }
    }
    if (is_running) examine_served_certificates(config, now, findings);
    examine_ports(config, is_running, findings);
    if (is_running) examine_issuer(config, findings);
    examine_servers(config, findings);
  }
  Console console;
  console.form = form;
  const int status = print_findings(console, findings, options.is_strict);
  base::print(console.out, stdout);
  return status;
}

}  // namespace

void add_doctor_command(CLI::App& root, Command& chosen) {
  auto& examining = add_house_command(root, "doctor",
                                      "look for everything that is wrong or will be soon, and say what to do", chosen);
  auto options = std::make_shared<DoctorOptions>();
  examining.add_flag("--quick", options->is_quick,
                     "without the walks through the whole audit log and all pages of the database");
  examining.add_flag("--strict", options->is_strict, "a warning gives exit status 1 too, and not only a fault");
  examining.add_flag("--inside", options->is_inside, "what the running server says of itself")->group("");
  examining.add_flag("--walks", options->walks, "with --inside: of the whole audit log and all pages")->group("");
  give_examples(examining, {"doctor", "doctor --quick --json"});
  examining.callback([&chosen, options] {
    if (options->is_inside) {
      chosen.in_house = [options](const flow::House& house, Console& console) {
        return answer_inside(house, console, options->walks);
      };
      return;
    }
    chosen.alone = [options, form = chosen.form](const std::string& file) { return examine(file, form, *options); };
  });
}

}  // namespace app
