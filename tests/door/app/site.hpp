// An installation in a folder of its own, with a configuration for tests, for commands of the command line.
#pragma once

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "door/program.hpp"

namespace door {

inline std::string config_text(const std::string& more = "") {
  return "issuer = \"http://localhost:8080\"\ndemo = true\ndata_dir = \"data\"\n" + more +
         "[metrics]\nlisten = \"127.0.0.1:0\"\n[password]\nmemory_kib = 8\npasses = 1\n[[listener]]\nname = "
         "\"http\"\nport = 0\n";
}

struct Site {
  Folder folder;
  std::string config = folder.write("chancery.toml", config_text());
  std::string log = folder / "server.log";

  [[nodiscard]] Finished run(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.end(), {"--config", config});
    return run_chancery(arguments, input);
  }
  void create(const std::string& login) const {
    const auto made = run({"account", "create", login, "--given", "A", "--family", "B", "--email",
                           login + "@mail.example", "--password-stdin", "--no-must-change"},
                          "Meadow-Violet-2026\n");
    INFO(made.err);
    CHECK(made.status == 0);
  }
  [[nodiscard]] boost::json::value read(std::vector<std::string> arguments) const {
    arguments.emplace_back("--json");
    const auto finished = run(std::move(arguments));
    INFO(finished.err);
    REQUIRE(finished.status == 0);
    return boost::json::parse(finished.out);
  }
  [[nodiscard]] std::string log_text() const {
    std::ifstream file(log);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

}  // namespace door
