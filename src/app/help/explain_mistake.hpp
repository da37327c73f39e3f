// Says what is wrong with a command line that cannot be parsed: the first word or option that is unknown, with the
// nearest one that exists.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace app {

/// A sentence, and where the help is. `error` is what the parser says; it is used where nothing better is known.
std::string explain_mistake(const CLI::App& root, const std::vector<std::string>& argv, const CLI::ParseError& error);

/// "; did you mean X?" for the nearest of the known names; "" if none is near, or if the name is known. Case does not
/// count.
std::string suggest_name(std::string_view typed, const std::vector<std::string>& known);

}  // namespace app
