// The files that a configuration names and that must be there before the server starts.
#pragma once

#include <string>
#include <vector>

#include "app/config/config.hpp"

namespace app {

/// A sentence for each file that cannot be read: certificates and keys of listeners, certificates of authorities,
/// modules of tokens.
std::vector<std::string> find_missing_files(const Config& config);

/// A sentence for each file with a key that other accounts of this machine can read or change (ASVS 5.0, 13.3.2): the
/// master key is its owner's alone, a listener's key may be read by its group. A file that does not exist is not a
/// flaw.
std::vector<std::string> find_open_keys(const Config& config);
/// The same for the configuration itself, which may hold passwords of the database and the gateways: 0640 or tighter.
std::vector<std::string> find_open_configuration(const std::string& file);

}  // namespace app
