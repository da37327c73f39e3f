#include "app/command/print_answer.hpp"

#include <algorithm>
#include <cctype>

#include "base/terminal.hpp"

namespace app {
namespace {

namespace json = boost::json;

/// "a, b" for people, "a,b" for scripts.
std::string cell_of(const json::value& value, const Form& form) {
  const std::string text = [&]() -> std::string {
    if (value.is_null()) return {};
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_bool()) return value.get_bool() ? "yes" : "no";
    if (!value.is_array()) return json::serialize(value);
    std::string all;
    for (const json::value& one : value.get_array()) {
      if (!all.empty()) all += form.is_terminal ? ", " : ",";
      all += cell_of(one, form);
    }
    return all;
  }();
  return text.empty() && form.is_terminal ? "-" : base::escape_hidden(text);
}

bool is_continuation(char octet) {
  return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char octet) { return !is_continuation(octet); }));
}

void append_padded(std::string& line, std::string_view text, std::size_t width) {
  line.append(text);
  line.append(width - std::min(width, width_of(text)), ' ');
}

std::string in_capitals(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return name;
}

bool is_nothing(const json::value& value) {
  return value.is_null() || (value.is_string() && value.get_string().empty()) ||
         (value.is_array() && value.get_array().empty()) || (value.is_int64() && value.get_int64() == 0) ||
         (value.is_uint64() && value.get_uint64() == 0);
}

const json::value& field_of(const json::object& object, const std::string& name) {
  static const json::value none;
  const json::value* const found = object.if_contains(name);
  return found != nullptr ? *found : none;
}

void append_with_tabs(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) out.append(i == 0 ? "" : "\t").append(cells[i]);
  out.push_back('\n');
}

}  // namespace

ListPrinter::ListPrinter(Console& console, std::vector<std::string> columns)
    : console_(console), columns_(std::move(columns)) {
  if (console_.form.json || !console_.form.has_header) return;
  if (!console_.form.is_terminal) {
    append_with_tabs(console_.out, columns_);
    return;
  }
  lines_.emplace_back();
  for (const std::string& column : columns_) lines_.back().push_back(in_capitals(column));
}

void ListPrinter::add(const json::object& row) {
  if (console_.form.json) {
    console_.out.append(is_empty_ ? "[" : ",").append(json::serialize(row));
    is_empty_ = false;
    return;
  }
  std::vector<std::string> cells;
  cells.reserve(columns_.size());
  for (const std::string& column : columns_) cells.push_back(cell_of(field_of(row, column), console_.form));
  if (console_.form.is_terminal) {
    lines_.push_back(std::move(cells));
  } else {
    append_with_tabs(console_.out, cells);
  }
}

void ListPrinter::print_aligned() {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& line : lines_) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  }
  for (const auto& line : lines_) {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) append_padded(console_.out, line[i], widths[i] + 2);
    console_.out.append(line.back()).push_back('\n');
  }
}

int ListPrinter::finish() {
  if (console_.form.json) {
    console_.out += is_empty_ ? "[]\n" : "]\n";
  } else {
    print_aligned();
  }
  return done;
}

int print_object(Console& console, const json::object& object, const WordsForNothing& nothing) {
  if (console.form.json) {
    console.out += json::serialize(object) + "\n";
    return done;
  }
  std::size_t width = 0;
  for (const auto& field : object) width = std::max(width, field.key().size() + 2);
  for (const auto& [name, value] : object) {
    std::string text = console.form.is_terminal || !value.is_array() ? cell_of(value, console.form)
                                                                     : base::escape_hidden(json::serialize(value));
    const auto words = nothing.find(name);
    if (words != nothing.end() && is_nothing(value)) text = words->second;
    const std::string head = std::string(name) + ": ";
    append_padded(console.out, head, console.form.is_terminal ? width : head.size());
    console.out.append(text).push_back('\n');
  }
  return done;
}

int report_change(Console& console, std::string_view sentence, const json::object& changed) {
  if (console.form.json) {
    console.out += json::serialize(changed) + "\n";
  } else {
    console.out.append(sentence).push_back('\n');
  }
  return done;
}

int report_change(Console& console, std::string_view sentence, bool is_changed) {
  return report_change(console, sentence, {{"changed", is_changed}});
}

}  // namespace app
