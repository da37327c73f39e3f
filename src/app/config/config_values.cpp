#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

#include "app/config/config_table.hpp"

namespace app {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr std::array<Unit, 5> duration_units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> size_units{{{"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}}};
constexpr std::int64_t most_number = 1'000'000'000;

/// One or more numbers with units, added up: "1h30m". False if it is something else.
template <std::size_t N>
bool add_up(std::string_view text, const std::array<Unit, N>& units, std::int64_t& sum) {
  sum = 0;
  if (text.empty()) return false;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc() || number < 0 || number > most_number) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit_end = std::min(text.find_first_of("0123456789"), text.size());
    const auto unit =
        std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == text.substr(0, unit_end); });
    if (unit == units.end()) return false;
    sum += number * unit->factor;
    text.remove_prefix(unit_end);
  }
  return true;
}

template <std::size_t N>
std::string in_units(std::int64_t number, const std::array<Unit, N>& units) {
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (number != 0 && number % unit.factor == 0) best = &unit;
  }
  return std::to_string(number / best->factor) + std::string(best->name);
}

bool parse_integer(std::string_view text, std::int64_t& number) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  return wrong == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) list.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return list;
}

std::string limit_text(const Row& row, std::int64_t limit) {
  if (row.type == ValueType::duration) return duration_text(limit);
  if (row.type == ValueType::size) return size_text(limit);
  return std::to_string(limit);
}

bool is_choice(std::string_view choices, std::string_view text) {
  while (!choices.empty()) {
    const auto bar = std::min(choices.find('|'), choices.size());
    if (choices.substr(0, bar) == text) return true;
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return false;
}

}  // namespace

std::string_view name_of(ValueType type) {
  switch (type) {
    case ValueType::text: return "text";
    case ValueType::choice: return "one word";
    case ValueType::path: return "path";
    case ValueType::integer: return "integer";
    case ValueType::boolean: return "true or false";
    case ValueType::duration: return "duration";
    case ValueType::size: return "size";
    case ValueType::list: return "list of texts";
  }
  return "text";
}

std::string duration_text(std::int64_t milliseconds) {
  return in_units(milliseconds, duration_units);
}
std::string size_text(std::int64_t octets) {
  return in_units(octets, size_units);
}

base::Result<void> keep_limits(const Row& row, const Value& value) {
  switch (row.type) {
    case ValueType::integer:
    case ValueType::duration:
    case ValueType::size:
      if (value.number < row.least) {
        return base::fail(base::Code::invalid_input, "is " + limit_text(row, value.number) + ", but must be at least " +
                                                         limit_text(row, row.least));
      }
      if (value.number > row.most) {
        return base::fail(base::Code::invalid_input,
                          "is " + limit_text(row, value.number) + ", but must be at most " + limit_text(row, row.most));
      }
      return {};
    case ValueType::choice:
      if (!is_choice(row.choices, value.text)) {
        return base::fail(base::Code::invalid_input,
                          "is \"" + value.text + "\", but must be one of " + std::string(row.choices));
      }
      return {};
    case ValueType::text:
    case ValueType::path:
      if (row.required && value.text.empty()) return base::fail(base::Code::invalid_input, "must not be empty");
      return {};
    case ValueType::boolean:
    case ValueType::list: return {};
  }
  return {};
}

base::Result<Value> convert(const Row& row, std::string_view text) {
  Value value;
  const auto bad = [&](std::string_view wanted) {
    return base::fail(base::Code::invalid_input,
                      "is \"" + std::string(row.secret ? "[secret]" : text) + "\", but must be " + std::string(wanted));
  };
  switch (row.type) {
    case ValueType::text:
    case ValueType::choice:
    case ValueType::path: value.text = text; break;
    case ValueType::integer:
      if (!parse_integer(text, value.number)) return bad("an integer");
      break;
    case ValueType::boolean:
      if (text != "true" && text != "false") return bad("true or false");
      value.truth = text == "true";
      break;
    case ValueType::duration:
      if (!add_up(text, duration_units, value.number))
        return bad("a duration such as \"500ms\", \"90s\", \"15m\", \"12h\" or \"1h30m\"");
      break;
    case ValueType::size:
      if (!parse_integer(text, value.number) && !add_up(text, size_units, value.number)) {
        return bad("a size such as \"16KiB\" or \"1MiB\"");
      }
      break;
    case ValueType::list: value.list = split(text); break;
  }
  RETURN_IF_ERROR(keep_limits(row, value));
  return value;
}

std::string find_nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string nearest;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : known) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t replaced = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
      }
    }
    if (row.back() < least) {
      least = row.back();
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace app
