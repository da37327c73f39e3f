#include "app/config/config_source.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace app {
namespace {

SourceData data_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* truth = node.as_boolean()) return truth->get();
  if (const auto* array = node.as_array()) {
    std::vector<std::string> list;
    for (const auto& item : *array) {
      const auto* text = item.as_string();
      if (text == nullptr) return {};
      list.push_back(text->get());
    }
    return list;
  }
  return {};
}

void collect(const toml::table& table, const std::string& prefix, std::size_t number, Source& source) {
  for (const auto& [name, node] : table) {
    const std::string key = prefix + std::string(name.str());
    const std::uint32_t line = static_cast<std::uint32_t>(node.source().begin.line);
    if (const auto* inner = node.as_table()) {
      collect(*inner, key + ".", number, source);
    } else if (const auto* array = node.as_array(); array != nullptr && !array->empty() && array->front().is_table()) {
      for (const auto& item : *array) {
        const auto item_line = static_cast<std::uint32_t>(item.source().begin.line);
        source.tables.push_back({key, item_line});
        if (const auto* one = item.as_table()) {
          collect(*one, key + ".", source.tables.size(), source);
        } else {
          source.values.push_back({key, 0, {}, item_line});
        }
      }
    } else {
      source.values.push_back({key, number, data_of(node), line});
    }
  }
}

}  // namespace

Source take_apart(std::string_view text) {
  Source source;
  try {
    const toml::table root = toml::parse(text);
    collect(root, "", 0, source);
    std::stable_sort(source.values.begin(), source.values.end(),
                     [](const SourceValue& a, const SourceValue& b) { return a.line < b.line; });
  } catch (const toml::parse_error& error) {
    source.error = std::string(error.description());
    source.error_line = static_cast<std::uint32_t>(error.source().begin.line);
  }
  return source;
}

}  // namespace app
