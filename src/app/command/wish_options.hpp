// Options of commands that change something: each fills in one field of a wish.
// Invariant: an option that is left out leaves its field empty, which means that the value stays.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace app {

/// `name` with one value. `wish` must live until the command line is parsed.
template <class T>
void add_wish(CLI::App& command, const std::string& name, std::optional<T>& wish, const std::string& about) {
  command.add_option_function<T>(
      name, [&wish](const T& given) { wish = given; }, about);
}

/// `name` with any number of values; a value "" stands for none, so that a list can be emptied.
inline void add_list_wish(CLI::App& command, const std::string& name, std::optional<std::vector<std::string>>& wish,
                          const std::string& about) {
  command.add_option_function<std::vector<std::string>>(
      name,
      [&wish](const std::vector<std::string>& given) {
        wish = given;
        std::erase(*wish, "");
      },
      about + ", repeatable; takes the place of all, \"\" for none");
}

}  // namespace app
