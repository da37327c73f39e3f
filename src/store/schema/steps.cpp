#include "store/schema/steps.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

namespace store {

std::span<const base::EmbeddedFile> embedded_schema_steps();  // made by cmake/embed.cmake

namespace {

std::optional<std::int64_t> read_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

// The head is the comment with which the file begins.
std::optional<std::int64_t> read_oldest_compatible(std::string_view sql) {
  constexpr std::string_view label = "-- Oldest compatible step: ";
  while (sql.starts_with("--")) {
    if (sql.starts_with(label)) return read_number(sql.substr(label.size()));
    sql.remove_prefix(std::min(sql.find('\n'), sql.size() - 1) + 1);
  }
  return std::nullopt;
}

}  // namespace

std::vector<Step> read_steps(std::span<const base::EmbeddedFile> files) {
  std::vector<Step> steps;
  for (const base::EmbeddedFile& file : files) {
    const auto number = read_number(file.name);
    const auto oldest = read_oldest_compatible(file.content);
    if (number != std::int64_t(steps.size()) + 1 || !oldest) {
      throw std::logic_error("a step of the schema is out of order, or its head is incomplete: " +
                             std::string(file.name));
    }
    steps.push_back({*number, *oldest, file.content});
  }
  return steps;
}

const std::vector<Step>& all_steps() {
  static const std::vector<Step> steps = read_steps(embedded_schema_steps());
  return steps;
}

}  // namespace store
