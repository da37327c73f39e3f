// serve, check-config, migrate, version.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/control.hpp"
#include "app/config/config_table.hpp"
#include "app/config/load_config.hpp"
#include "app/doctor/examine_settings.hpp"
#include "app/help/help_page.hpp"
#include "app/house/installation.hpp"
#include "app/serve.hpp"
#include "base/terminal.hpp"

namespace app {
namespace {

constexpr const char* version_line = "chancery " CHANCERY_VERSION;

int check_config(const std::string& file) {
  const auto config = load_config(file);
  if (!config) return refused;
  Findings findings;
  examine_settings(*config, findings);
  examine_files(*config, file, findings);
  examine_certificates(*config, base::now(), findings);
  for (const Finding& finding : findings.list()) {
    if (finding.health == Health::fine) continue;
    base::print(file + ": " + (finding.health == Health::warning ? "warning: " : "") + finding.what + "; " +
                    finding.advice + "\n",
                stderr);
  }
  if (findings.count(Health::fault) != 0) return refused;
  base::print(file + " is fine\n", stdout);
  return done;
}

int print_page() {
  const std::string page = print_reference();
  base::print(page, stdout);
  return done;
}

int migrate(const std::string& file) {
  const auto config = load_config(file);
  if (!config) return refused;
  const auto opened = Installation::open(*config, Purpose::command);
  if (!opened) {
    base::print("chancery: " + opened.error().reason + "\n", stderr);
    return refused;
  }
  std::printf("the database is up to date\n");
  return done;
}

}  // namespace

void add_server_commands(CLI::App& root, Command& chosen) {
  auto& serving = add_lone_command(root, "serve", "run the server in the foreground until SIGTERM or SIGINT", chosen);
  auto ready_fd = std::make_shared<int>(-1);
  auto is_announced = std::make_shared<bool>(false);
  serving.add_option("--ready-fd", *ready_fd,
                     "write the ports as JSON to this file descriptor when everything answers");
  give_examples(serving, {"serve", "serve --config chancery.toml"});
  serving.add_flag("--announce", *is_announced,
                   "of a demonstration: commands of the same person find it without --config");
  serving.callback([&chosen, ready_fd, is_announced] {
    chosen.takes_demonstration = false;
    chosen.alone = [ready_fd, is_announced](const std::string& file) {
      return serve(file, {*ready_fd, *is_announced});
    };
  });

  CLI::App* checking = root.add_subcommand("check-config", "say everything that is wrong with a configuration file");
  auto page = std::make_shared<bool>(false);
  checking->add_option("FILE", chosen.config_file, "configuration file");
  checking->add_flag("--print-reference", *page, "print the page of all settings instead");
  give_examples(*checking, {"check-config", "check-config /etc/chancery/chancery.toml"});
  checking->callback([&chosen, page] {
    chosen.needs_config = !*page;
    chosen.alone = [page](const std::string& file) { return *page ? print_page() : check_config(file); };
  });

  auto& migrating = add_lone_command(
      root, "migrate", "bring the database up to this program's version (the server does so at its start)", chosen);
  give_examples(migrating, {"migrate"});
  migrating.callback([&chosen] { chosen.alone = migrate; });

  root.set_version_flag("--version", version_line, "print the version")->group(common_group);
  CLI::App* const telling = root.add_subcommand("version", "print the version");
  give_examples(*telling, {"version"});
  telling->callback([&chosen] {
    chosen.needs_config = false;
    chosen.alone = [](const std::string&) {
      std::puts(version_line);
      return static_cast<int>(done);
    };
  });
}

}  // namespace app
