#include "app/config/config.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/config/config_rules.hpp"
#include "app/config/config_source.hpp"
#include "app/config/config_table.hpp"
#include "app/config/secret_file.hpp"

namespace app {
namespace {

constexpr std::string_view prefix = "CHANCERY_";

/// Fills a Config row by row and keeps every complaint.
class Reader {
 public:
  Reader(std::string name, std::string folder) : name_(std::move(name)), folder_(std::move(folder)) {}

  void set_defaults() {
    for (const Row& row : config_table()) {
      if (!is_repeated(row)) set_standard(row);
    }
  }

  void take(const Source& source) {
    if (!source.error.empty()) {
      complain(at(source.error_line), "is not TOML: " + source.error);
      return;
    }
    for (std::size_t number = 1; number <= source.tables.size(); ++number) take_table(source, number);
    for (const SourceValue& value : source.values) {
      if (value.table == 0) take_value(value);
    }
  }

  void take(const Environment& environment) {
    for (const auto& [name, text] : environment) {
      if (name == "CHANCERY_CONFIG") continue;
      if (name == "CHANCERY_MASTER_KEY") {
        reading.config.master_key = base::Secret(text);
        continue;
      }
      const auto table = config_table();
      const auto row = std::find_if(table.begin(), table.end(), [&, &variable = name](const Row& r) {
        return !is_repeated(r) && environment_name(r.key) == variable;
      });
      if (row == table.end()) {
        warn_of_variable(name);
        continue;
      }
      auto value = convert(*row, text);
      if (!value) {
        complain(name, value.error().reason);
      } else {
        set(*row, std::move(*value), name);
      }
    }
  }

  /// Rows without a value, and the rules that concern several rows.
  void finish() {
    for (const Row& row : config_table()) {
      if (row.required && !is_repeated(row) && row.standard.empty() && !places_.contains(row.key)) {
        complain(name_, "the key \"" + std::string(row.key) + "\" is missing");
      }
    }
    complete(reading.config, folder_);
    for (auto& [key, what] : find_contradictions(reading.config)) {
      const auto place = places_.find(key);
      complain(place == places_.end() ? name_ : place->second, std::move(what));
    }
  }

  ConfigReading reading;

 private:
  [[nodiscard]] std::string at(std::uint32_t line) const {
    return line == 0 ? name_ : name_ + ":" + std::to_string(line);
  }
  void complain(std::string where, std::string what) {
    reading.mistakes.push_back({std::move(where), std::move(what)});
  }

  void set_standard(const Row& row) {
    Value value;
    if (!row.standard.empty()) value = *convert(row, row.standard);
    resolve(row, value);
    row.set(reading.config, value);
  }

  void set(const Row& row, Value value, std::string where) {
    resolve(row, value);
    row.set(reading.config, value);
    if (!is_repeated(row)) places_[row.key] = std::move(where);
  }

  void resolve(const Row& row, Value& value) const {
    if (row.type != ValueType::path || value.text.empty() || value.text == "-") return;
    value.text = (std::filesystem::path(folder_) / value.text).lexically_normal().string();
  }

  void take_table(const Source& source, std::size_t number) {
    const SourceTable& table = source.tables[number - 1];
    if (table.key == "listener") {
      reading.config.server.listeners.emplace_back();
    } else if (table.key == "gateway") {
      reading.config.gateways.emplace_back();
    } else if (table.key == "token") {
      reading.config.tokens.emplace_back();
    } else {
      complain(at(table.line),
               "[[" + table.key + "]] is unknown; the repeated tables are [[listener]], [[gateway]] and [[token]]");
      return;
    }
    for (const Row& row : config_table()) {
      if (is_repeated(row) && row.key.starts_with(table.key + ".")) set_standard(row);
    }
    for (const SourceValue& value : source.values) {
      if (value.table == number) take_value(value);
    }
    auto flaw = find_flaw_of_last(table.key);
    if (flaw) complain(at(table.line), std::move(*flaw));
  }

  std::optional<std::string> find_flaw_of_last(std::string_view table) {
    if (table == "listener") return find_flaw(reading.config.server.listeners.back());
    if (table == "gateway") return complete_gateway(reading.config.gateways.back());
    if (auto flaw = find_flaw(reading.config.tokens)) return flaw;
    return read_token_pin(reading.config.tokens.back());
  }

  void take_value(const SourceValue& source) {
    const Row* row = find_row(source.key);
    if (row == nullptr || is_repeated(*row) != (source.table != 0)) {
      complain_of_key(source, row != nullptr);
      return;
    }
    auto value = value_of(*row, source.data);
    if (!value) {
      complain(at(source.line), source.key + " " + value.error().reason);
    } else {
      set(*row, std::move(*value), at(source.line));
    }
  }

  static base::Result<Value> value_of(const Row& row, const SourceData& data) {
    const auto wrong = [&](std::string_view wanted) {
      return base::fail(base::Code::invalid_input, "must be " + std::string(wanted));
    };
    Value value;
    switch (row.type) {
      case ValueType::text:
      case ValueType::choice:
      case ValueType::path:
        if (!std::holds_alternative<std::string>(data)) return wrong("a text in quotes");
        return convert(row, std::get<std::string>(data));
      case ValueType::duration:
        if (!std::holds_alternative<std::string>(data)) return wrong("a duration in quotes, such as \"15m\"");
        return convert(row, std::get<std::string>(data));
      case ValueType::size:
        if (std::holds_alternative<std::string>(data)) return convert(row, std::get<std::string>(data));
        if (!std::holds_alternative<std::int64_t>(data))
          return wrong("a size in octets, or in quotes such as \"16KiB\"");
        value.number = std::get<std::int64_t>(data);
        break;
      case ValueType::integer:
        if (!std::holds_alternative<std::int64_t>(data)) return wrong("an integer without quotes");
        value.number = std::get<std::int64_t>(data);
        break;
      case ValueType::boolean:
        if (!std::holds_alternative<bool>(data)) return wrong("true or false, without quotes");
        value.truth = std::get<bool>(data);
        break;
      case ValueType::list:
        if (!std::holds_alternative<std::vector<std::string>>(data))
          return wrong("a list of texts, such as [\"one\", \"two\"]");
        value.list = std::get<std::vector<std::string>>(data);
        break;
    }
    RETURN_IF_ERROR(keep_limits(row, value));
    return value;
  }

  void complain_of_key(const SourceValue& source, bool misplaced) {
    if (misplaced) {
      const std::string table = "[[" + source.key.substr(0, source.key.find('.')) + "]]";
      complain(at(source.line), source.key + (source.table != 0 ? " does not belong into a repeated table"
                                                                : " belongs into a " + table));
      return;
    }
    std::vector<std::string> known;
    for (const Row& row : config_table()) {
      if (is_repeated(row) == (source.table != 0)) known.emplace_back(row.key);
    }
    const std::string nearest = find_nearest(source.key, known);
    complain(at(source.line),
             "unknown key \"" + source.key + "\"" + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  }

  void warn_of_variable(const std::string& name) {
    std::vector<std::string> known{"CHANCERY_CONFIG", "CHANCERY_MASTER_KEY"};
    for (const Row& row : config_table()) {
      if (!is_repeated(row)) known.push_back(environment_name(row.key));
    }
    const std::string nearest = find_nearest(name, known);
    reading.warnings.push_back(
        {name, "is no setting of chancery" + (nearest.empty() ? "" : "; did you mean " + nearest + "?")});
  }

  std::string name_;
  std::string folder_;
  std::map<std::string_view, std::string> places_;  // key → where it was set
};

}  // namespace

std::string Config::database_file() const {
  return is_sqlite() && !is_in_memory() ? store.url.substr(std::string_view("sqlite:").size()) : "";
}

Environment process_environment() {
  Environment found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (text.starts_with(prefix) && equals != std::string_view::npos)
      found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

ConfigReading parse_config(std::string_view text, const std::string& name, const std::string& folder,
                           const Environment& environment) {
  Reader reader(name, folder);
  reader.set_defaults();
  const Source source = take_apart(text);
  reader.take(source);
  reader.take(environment);
  if (source.error.empty()) reader.finish();
  return std::move(reader.reading);
}

ConfigReading read_config(const std::string& path, const Environment& environment) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (!file || !(text << file.rdbuf())) {
    const std::string why = errno == 0 ? std::string() : ": " + std::string(std::strerror(errno));
    ConfigReading reading;
    std::error_code ignored;
    reading.mistakes.push_back({path, std::filesystem::is_directory(path, ignored)
                                          ? "is a folder, not a configuration file"
                                          : "cannot be read" + why});
    return reading;
  }
  const auto folder = std::filesystem::absolute(path).parent_path().string();
  return parse_config(text.str(), std::filesystem::path(path).filename().string(), folder, environment);
}

Config default_config() {
  Reader reader("", "/");
  reader.set_defaults();
  return std::move(reader.reading.config);
}

}  // namespace app
