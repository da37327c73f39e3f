// The files that a configuration names and that must be there before the server starts.
#pragma once

#include <string>
#include <vector>

#include "app/config/config.hpp"

namespace app {

/// A sentence for each file that cannot be read: certificates and keys of listeners, certificates of authorities.
std::vector<std::string> find_missing_files(const Config& config);

}  // namespace app
