#include "demo/tokens.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "demo/process.hpp"

namespace demo {
namespace {

namespace fs = std::filesystem;

constexpr const char* usual_module = "/usr/lib/softhsm/libsofthsm2.so";
// Of the officer who would unlock a card. Nobody needs it here.
constexpr const char* officer_pin = "87654321";

/// The program that makes cards, on the path for programs; "" = it is not there.
std::string find_maker() {
  const char* const path = std::getenv("PATH");
  std::stringstream folders(path == nullptr ? "/usr/bin" : path);
  std::error_code wrong;
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path program = fs::path(folder) / "softhsm2-util";
    if (program.is_absolute() && fs::exists(program, wrong)) return program.string();
  }
  return {};
}

base::Result<void> make_token(const std::string& maker, const DemoToken& token) {
  ASSIGN_OR_RETURN(
      const Finished made,
      run({maker, "--init-token", "--free", "--label", token.label, "--pin", token.pin, "--so-pin", officer_pin}, ""));
  if (made.status == 0) return {};
  return base::fail(base::Code::unavailable, "The card " + token.label + " could not be made: " + made.output);
}

}  // namespace

const std::vector<DemoToken>& demo_tokens() {
  static const std::vector<DemoToken> tokens{{"hba-anna", "HBA-anna", "123456"},
                                             {"smc-b-clinic", "SMC-B-clinic", "654321"}};
  return tokens;
}

base::Result<std::string> prepare_tokens(const Places& places) {
  const char* const named = std::getenv("SOFTHSM2_MODULE");
  const std::string module = named == nullptr ? usual_module : named;
  std::error_code wrong;
  const std::string maker = find_maker();
  if (!fs::exists(module, wrong) || maker.empty()) return std::string();
  const fs::path folder = fs::path(places.data) / "cards";
  const bool is_new = !fs::exists(folder / "tokens", wrong);
  fs::create_directories(folder / "tokens", wrong);
  if (wrong) return base::fail(base::Code::unavailable, "The folder of the cards cannot be made: " + wrong.message());
  const std::string configuration = (folder / "softhsm2.conf").string();
  std::ofstream file(configuration, std::ios::trunc);
  file << "directories.tokendir = " << (folder / "tokens").string()
       << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  file.close();
  if (!file || ::setenv("SOFTHSM2_CONF", configuration.c_str(), 1) != 0) {
    return base::fail(base::Code::unavailable, "Cannot write " + configuration + ".");
  }
  if (is_new) {
    for (const DemoToken& token : demo_tokens()) RETURN_IF_ERROR(make_token(maker, token));
  }
  return module;
}

}  // namespace demo
