#include "app/config/find_config.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "app/config/demonstration_mark.hpp"
#include "app/config/trusted_file.hpp"

namespace app {
namespace {

std::string read_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Also if it cannot be seen: a file that exists but cannot be read is an error of its own, and no reason to use
/// another.
bool may_exist(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

base::Result<FoundConfig> demand_trust(FoundConfig found) {
  const std::string flaw = find_stranger(found.file);
  if (flaw.empty()) return found;
  return base::fail(base::Code::denied, "the configuration " + found.file + " is not used, because " + flaw +
                                            "; correct that, or name the file with --config");
}

}  // namespace

std::string demonstration_mark_file() {
  const std::string state = read_variable("XDG_STATE_HOME");
  if (state.starts_with('/')) return state + "/chancery/demonstration";
  const std::string home = read_variable("HOME");
  return home.starts_with('/') ? home + "/.local/state/chancery/demonstration" : std::string();
}

ConfigPlaces config_places() {
  ConfigPlaces places;
  places.variable = read_variable("CHANCERY_CONFIG");
  places.mark_file = demonstration_mark_file();
  return places;
}

base::Result<FoundConfig> find_config(const ConfigPlaces& places) {
  if (!places.variable.empty()) return FoundConfig{places.variable, false};
  if (may_exist(places.system_file)) return demand_trust({places.system_file, false});
  if (!places.mark_file.empty()) {
    if (const auto file = find_demonstration(places.mark_file)) return demand_trust({*file, true});
  }
  return base::fail(base::Code::not_found,
                    "there is no configuration: --config is not given, CHANCERY_CONFIG is not set, " +
                        places.system_file + " does not exist" +
                        (places.mark_file.empty() ? "" : ", and no demonstration of yours runs") +
                        "; name one with --config FILE");
}

}  // namespace app
