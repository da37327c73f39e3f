// doctor: everything that can be seen to be wrong, each with what to do. It looks from outside at the machine and the
// servers around, and asks the running server, or opens the installation itself, for the rest.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/command/command_groups.hpp"
#include "app/command/control.hpp"
#include "app/doctor/examine_house.hpp"
#include "app/doctor/examine_machine.hpp"
#include "app/doctor/examine_settings.hpp"
#include "app/house/installation.hpp"
#include "app/house/machine.hpp"

namespace app {
namespace {

namespace json = boost::json;

struct DoctorOptions {
  bool is_quick = false;
  bool is_strict = false;
  bool is_inside = false;
};

/// What the running server says of itself: {"version":…,"user":…,"open_files":…,"checks":[…]}.
int answer_inside(const flow::House& house, Console& console, bool is_quick) {
  Findings findings;
  examine_house(house, is_quick, findings);
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

/// Asks the running server. Gives whether one runs.
bool ask_inside(const Config& config, const DoctorOptions& options, Findings& findings) {
  std::vector<std::string> argv{"doctor", "--inside"};
  if (options.is_quick) argv.emplace_back("--quick");
  const auto answer = ask_server(config.control_socket(), argv, Console{});
  if (!answer) {
    findings.fault("server.answers", answer.error().reason, "run this as root or as the user of the server");
    return true;
  }
  if (!*answer) return false;
  boost::system::error_code wrong;
  const json::value told = json::parse((*answer)->console.out, wrong);
  const json::object* const object = wrong ? nullptr : told.if_object();
  const json::value* const checks = object == nullptr ? nullptr : object->if_contains("checks");
  if (checks == nullptr || !checks->is_array()) {
    findings.fault("server.answers", "the running server does not know this command: it is another version",
                   "restart the server to use the program that is installed: systemctl restart chancery");
    return true;
  }
  findings.fine("server.answers", "the server runs and answers");
  examine_version(*object, findings);
  findings.add(Findings::from_json(checks->get_array()));
  if (const auto user = number_in(*object, "user")) examine_user(*user, findings);
  if (const auto files = number_in(*object, "open_files")) examine_handles(config, *files, findings);
  return true;
}

void open_inside(Config config, const DoctorOptions& options, Findings& findings) {
  if (config.is_sqlite() && !config.is_in_memory()) {
    if (std::FILE* const there = std::fopen(config.database_file().c_str(), "rb"); there != nullptr) {
      std::fclose(there);
    } else {
      findings.warning("server.answers", "no server runs, and there is no database yet",
                       "start the server; its first start makes the database and the master key");
      return;
    }
  }
  findings.warning("server.answers", "no server runs on this configuration", "say: systemctl start chancery");
  config.store.migrate = false;
  const auto opened = Installation::open(config, Purpose::command);
  if (!opened) {
    findings.fault("database.opens", opened.error().reason,
                   "docs/operators/install.md lists the reasons under: When it does not start");
    return;
  }
  findings.fine("database.opens", "the database opens with this master key and has this program's version");
  examine_house((*opened)->house(), options.is_quick, findings);
}

int examine(const std::string& file, const Form& form, const DoctorOptions& options) {
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
    const bool is_running = ask_inside(config, options, findings);
    if (!is_running) open_inside(config, options, findings);
    examine_ports(config, is_running, findings);
    if (is_running) examine_issuer(config, findings);
    examine_servers(config, findings);
  }
  Console console;
  console.form = form;
  const int status = print_findings(console, findings, options.is_strict);
  std::fwrite(console.out.data(), 1, console.out.size(), stdout);
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
  give_examples(examining, {"doctor", "doctor --quick --json"});
  examining.callback([&chosen, options] {
    if (options->is_inside) {
      chosen.in_house = [options](const flow::House& house, Console& console) {
        return answer_inside(house, console, options->is_quick);
      };
      return;
    }
    chosen.alone = [options, form = chosen.form](const std::string& file) { return examine(file, form, *options); };
  });
}

}  // namespace app
