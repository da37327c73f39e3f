// Finds the configuration of a command that names none (docs/decisions/0055): the variable CHANCERY_CONFIG, the
// installation's file, the running demonstration's. A file that the person did not name is used only if nobody but root
// and that person can change it. The first place that has one counts; no later place is tried in its stead.
#pragma once

#include <string>

#include "base/result.hpp"

namespace app {

struct ConfigPlaces {
  std::string variable;  // value of CHANCERY_CONFIG; "" = not set
  std::string system_file = "/etc/chancery/chancery.toml";
  std::string mark_file;  // of a running demonstration (DemonstrationMark); "" = not looked for
};
/// Of this process.
ConfigPlaces config_places();
/// Where the demonstration of the person who runs this process sets its mark; "" if that person has no home folder.
std::string demonstration_mark_file();

struct FoundConfig {
  std::string file;
  bool is_demonstration = false;
};
/// Errors: not_found (the sentence names every place), denied (somebody else can change the file that was found).
base::Result<FoundConfig> find_config(const ConfigPlaces& places);

}  // namespace app
