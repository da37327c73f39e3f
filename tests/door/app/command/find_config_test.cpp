// The program without --config beside a running demonstration.
#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::run_chancery;

/// The folder in which demonstrations of this test set their mark.
struct StateFolder {
  door::Folder folder;
  StateFolder() {
    ::setenv("XDG_STATE_HOME", (folder / "state").c_str(), 1);
    ::unsetenv("CHANCERY_CONFIG");
  }
  ~StateFolder() { ::unsetenv("XDG_STATE_HOME"); }
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;
};

const std::vector<std::string> announcing{"/bin/sh", "-c", "exec \"$@\" --announce", "sh"};

}  // namespace

TEST_CASE("commands find the running demonstration without --config, and only while it runs") {
  REQUIRE_MESSAGE(!std::filesystem::exists("/etc/chancery/chancery.toml"),
                  "this machine has an installation, whose configuration counts before a demonstration's");
  const StateFolder state;
  const door::Site site;
  door::ServerProcess server(site.config, site.log, announcing);
  INFO(site.log_text());
  REQUIRE(server.is_ready());
  site.create("anna");
  const auto found = run_chancery({"account", "list", "--no-header"});
  CHECK(found.status == 0);
  CHECK(found.out == "anna\temployee\tactive\tA B\n");
  CHECK(found.err ==
        "with the configuration of the demonstration, " + std::filesystem::canonical(site.config).string() + "\n");
  const auto second = run_chancery({"serve"});
  CHECK(second.status == 1);
  CHECK(has(second.err, "there is no configuration"));
  server.send(SIGKILL);
  CHECK(server.wait() == 128 + SIGKILL);
  const auto none = run_chancery({"account", "list"});
  CHECK(none.status == 1);
  CHECK(none.out.empty());
  CHECK(has(none.err, "/etc/chancery/chancery.toml does not exist, and no demonstration of yours runs"));
  for (const char* word : {"version", "help"}) CHECK(run_chancery({word}).err.empty());
  CHECK(run_chancery({"check-config", "--print-reference"}).status == 0);
}

TEST_CASE("an installation cannot be announced as a demonstration") {
  const StateFolder state;
  const door::Folder folder;
  const std::string config = folder.write(
      "chancery.toml",
      "issuer = \"https://login.example.org\"\ndata_dir = \"data\"\n[[listener]]\nname = \"http\"\nport = 0\n");
  const auto refused = run_chancery({"serve", "--announce", "--config", config});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "--announce is only for a demonstration"));
  CHECK_FALSE(std::filesystem::exists(state.folder / "state"));
}
