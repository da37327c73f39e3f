// Completion of commands and options in a shell, made from the commands themselves.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace app {

/// The script for `shell`: "bash", "zsh" or "fish".
std::string print_completion(const CLI::App& root, std::string_view shell);

}  // namespace app
