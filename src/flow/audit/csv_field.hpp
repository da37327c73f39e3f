// A field of a CSV file (RFC 4180) that no spreadsheet takes for a formula, and that is one field also for programs
// that separate by semicolons and know no quotes.
#pragma once

#include <string>
#include <string_view>

namespace flow {

/// The file begins with it, so that a spreadsheet reads UTF-8.
inline constexpr std::string_view csv_begin = "\xef\xbb\xbf";

/// In quotes. A text that a spreadsheet would compute has an apostrophe before it.
std::string csv_field(std::string_view text);

}  // namespace flow
