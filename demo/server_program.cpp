#include "demo/server_program.hpp"

#include <unistd.h>

#include <string_view>
#include <vector>

#include "demo/process.hpp"

namespace demo {

namespace {

bool is_program(const std::filesystem::path& file) {
  std::error_code wrong;
  return std::filesystem::is_regular_file(file, wrong) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

base::Result<std::string> find_server_program(const std::filesystem::path& here, const std::string& named) {
  if (!named.empty()) {
    std::error_code wrong;
    // Absolute, because the program is started without a search in PATH.
    const auto file = std::filesystem::absolute(named, wrong);
    if (!wrong && is_program(file)) return file.string();
    return base::fail(base::Code::not_found,
                      "--chancery names " + named + ", which is not a program that can be started.");
  }
  const std::vector<std::filesystem::path> places{here / "chancery", here.parent_path() / "chancery"};
  std::string looked_at;
  for (const auto& place : places) {
    if (is_program(place)) return place.string();
    looked_at += (looked_at.empty() ? "" : " and not at ") + place.string();
  }
  return base::fail(base::Code::not_found, "The server's program was not found: not at " + looked_at +
                                               ". Name it with --chancery FILE, or build it (make demo does).");
}

std::string parse_checked_file(const std::string& output) {
  constexpr std::string_view end = " is fine\n";
  if (!output.ends_with(end)) return "";
  const std::string file = output.substr(0, output.size() - end.size());
  return file.substr(file.rfind('\n') + 1);
}

std::string find_configuration_without_option(const std::string& program, const std::string& own) {
  const auto checked = run({program, "check-config"}, "");
  if (!checked || checked->status != 0) return "";
  const std::string file = parse_checked_file(checked->output);
  std::error_code wrong;
  return std::filesystem::equivalent(file, own, wrong) ? own : file;
}

}  // namespace demo
