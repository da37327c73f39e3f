// What the terminal shows when everything runs.
#pragma once

#include <string>

#include "demo/options.hpp"

namespace demo {

std::string make_banner(const Options& options, const std::string& authority_file);

}  // namespace demo
