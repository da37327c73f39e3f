// The table of all settings: key, type, default, limits, and the sentence that the operators' page prints.
// What is not in the table cannot be configured; the page docs/operators/configuration.md is printed from it.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace app {

struct Config;

enum class ValueType : std::uint8_t {
  text,
  choice,  // one of `choices`
  path,    // relative to the folder of the configuration file
  integer,
  boolean,
  duration,  // "500ms", "15m", "12h", "1h30m"; held in milliseconds
  size,      // "16KiB", "1MiB" or octets
  list,      // of texts
};
std::string_view name_of(ValueType type);

struct Value {
  std::string text;
  std::int64_t number = 0;
  bool truth = false;
  std::vector<std::string> list;
};

struct Row {
  std::string_view key{};  // dotted; "listener.port" is a key of each [[listener]]
  ValueType type = ValueType::text;
  std::string_view standard{};  // the default, as an environment variable would give it
  std::int64_t least = 0;       // of integer, duration (ms) and size (octets)
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::string_view choices{};  // "debug|info"
  bool required = false;
  bool secret = false;   // never printed
  bool reloads = false;  // SIGHUP reads it again
  std::string_view sentence{};
  void (*set)(Config&, const Value&) = nullptr;  // a row of a repeated table sets the last one
};

std::span<const Row> config_table();
const Row* find_row(std::string_view key);
/// Whether the key belongs to a repeated table: [[listener]], [[gateway]], [[token]].
bool is_repeated(const Row& row);
/// "CHANCERY_HTTP_IO_THREADS" for "http.io_threads".
std::string environment_name(std::string_view key);

/// From the text form, within the limits. Errors: invalid_input, with a sentence.
base::Result<Value> convert(const Row& row, std::string_view text);
/// Whether a value keeps the limits of its row. Errors: invalid_input, with a sentence.
base::Result<void> keep_limits(const Row& row, const Value& value);
/// "15m" for 900000.
std::string duration_text(std::int64_t milliseconds);
/// "16KiB" for 16384.
std::string size_text(std::int64_t octets);

/// The word of `known` with the least edit distance to `word`, or "" if none is near.
std::string find_nearest(std::string_view word, const std::vector<std::string>& known);

/// docs/operators/configuration.md, in Markdown.
std::string print_reference();

}  // namespace app
