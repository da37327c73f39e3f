// Tokens of SoftHSM in a folder of their own. One at a time in a process, because the library reads its configuration
// when the first token is opened. SOFTHSM2_MODULE names the library if it is elsewhere.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "token/token.hpp"

namespace testing {

class SoftHsm {
 public:
  static constexpr const char* pin = "123456";

  SoftHsm() {
    std::string pattern = (std::filesystem::temp_directory_path() / "softhsm-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    std::filesystem::create_directory(folder_ / "tokens");
    std::ofstream(folder_ / "softhsm2.conf") << "directories.tokendir = " << (folder_ / "tokens").string()
                                             << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    REQUIRE(setenv("SOFTHSM2_CONF", (folder_ / "softhsm2.conf").c_str(), 1) == 0);
  }
  SoftHsm(const SoftHsm&) = delete;
  SoftHsm& operator=(const SoftHsm&) = delete;
  ~SoftHsm() {
    unsetenv("SOFTHSM2_CONF");
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  static std::string module() {
    const char* named = std::getenv("SOFTHSM2_MODULE");
    return named == nullptr ? "/usr/lib/softhsm/libsofthsm2.so" : named;
  }
  /// Before the first token is opened.
  void add_token(const std::string& label, const std::string& its_pin = pin) const {
    const std::string command = "softhsm2-util --init-token --free --label '" + label + "' --pin " + its_pin +
                                " --so-pin 87654321 >/dev/null 2>&1";
    REQUIRE_MESSAGE(std::system(command.c_str()) == 0, "softhsm2 is missing: tools/install-deps.sh");
  }
  [[nodiscard]] token::Settings settings(const std::string& label, const std::string& name = "hba") const {
    token::Settings made;
    made.name = name;
    made.module = module();
    made.label = label;
    return made;
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace testing
