// A configuration text parsed into its values, each with its line. Only this file's .cpp knows TOML.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace app {

/// The value of a key: text, integer, boolean, list of texts, or (monostate) something that no key takes.
using SourceData = std::variant<std::monostate, std::string, std::int64_t, bool, std::vector<std::string>>;

struct SourceValue {
  std::string key;        // dotted
  std::size_t table = 0;  // of a repeated table: which one, from 1; 0 = not repeated
  SourceData data;
  std::uint32_t line = 0;
};

struct SourceTable {
  std::string key;  // "listener"
  std::uint32_t line = 0;
};

struct Source {
  std::vector<SourceValue> values;  // in the order of the text
  std::vector<SourceTable> tables;  // repeated tables
  std::string error;                // "" = well-formed
  std::uint32_t error_line = 0;
};

Source take_apart(std::string_view text);

}  // namespace app
