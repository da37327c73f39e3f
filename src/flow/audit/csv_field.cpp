#include "flow/audit/csv_field.hpp"

#include <algorithm>
#include <array>

#include "identity/spelling/comparison_form.hpp"

namespace flow {
namespace {

/// Without what ends a field or a line for any program: most spreadsheets of Germany and Poland separate fields by
/// semicolons, know no quotes inside such a field, and would take the rest of the value for a field of its own.
std::string in_one_field(std::string_view text) {
  constexpr std::array<std::string_view, 3> line_ends{"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};  // NEL, LS, PS
  std::string field;
  while (!text.empty()) {
    const auto* const end =
        std::find_if(line_ends.begin(), line_ends.end(), [&](std::string_view one) { return text.starts_with(one); });
    const char c = text.front();
    if (end != line_ends.end() || static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      field += ' ';
    } else {
      field += c == ';' ? ',' : c;
    }
    text.remove_prefix(end != line_ends.end() ? end->size() : 1);
  }
  return field;
}

/// Whether a spreadsheet computes the field. Some skip leading blanks, and some know the full-width signs.
bool would_be_computed(std::string_view field) {
  const std::string typed = identity::ascii_form(field);
  const std::string_view seen = identity::trimmed(typed);
  if (seen.empty()) return !field.empty();  // unreadable octets: nobody knows what a program makes of them
  return std::string_view("=+-@").find(seen.front()) != std::string_view::npos;
}

}  // namespace

std::string csv_field(std::string_view text) {
  const std::string shown = in_one_field(text);
  std::string field = would_be_computed(shown) ? "\"'" : "\"";
  for (const char c : shown) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + "\"";
}

}  // namespace flow
