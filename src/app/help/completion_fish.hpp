// Completion in the shell fish, with the sentence of each command and option beside it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace app {

std::string print_fish_completion(const CLI::App& root);

}  // namespace app
