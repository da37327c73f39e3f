// The operators' page of all commands, printed from the commands themselves (docs/operators/commands.md).
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace app {

std::string print_command_reference(const CLI::App& root);

}  // namespace app
