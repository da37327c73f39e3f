// The configuration and the files that it names, as far as they can be judged without the database: for `doctor`, and
// for `check-config` before a start.
#pragma once

#include <string>

#include "app/config/config.hpp"
#include "app/doctor/finding.hpp"

namespace app {

/// What the reading of the file met. Gives whether the configuration can be used.
bool examine_reading(const ConfigReading& reading, Findings& findings);
/// Values that are allowed and risky, or leave people without help.
void examine_settings(const Config& config, Findings& findings);
/// The configuration's own file, folders and keys: who can read and write them.
void examine_files(const Config& config, const std::string& config_file, Findings& findings);
/// The certificate of each listener: its time, key, chain and names.
void examine_certificates(const Config& config, base::Time now, Findings& findings);
/// Whether the running server shows the certificates that are in the files. Waits a few seconds.
void examine_served_certificates(const Config& config, base::Time now, Findings& findings);

}  // namespace app
