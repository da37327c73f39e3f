// Reads the configuration for a command and prints what is wrong with it to standard error.
#pragma once

#include <optional>
#include <string>

#include "app/config/config.hpp"

namespace app {

std::optional<Config> load_config(const std::string& file);

}  // namespace app
