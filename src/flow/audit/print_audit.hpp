// Events of the audit log as lines of a file: CSV that no spreadsheet takes for formulas, and JSON lines.
#pragma once

#include <string>

#include "flow/audit/read_audit.hpp"

namespace flow {

/// With a byte order mark, so that spreadsheets read UTF-8.
std::string audit_csv_header();
/// RFC 4180, every field quoted. A field that a spreadsheet would compute ("=…", "+…", "-…", "@…", also full-width and
/// after blanks) begins with an apostrophe. Semicolons become commas, and line ends, tabs and other control characters
/// become blanks, so that a program with another separator finds no further field and no further line.
std::string audit_csv_line(const AuditRow& row);
/// One JSON object and a line feed.
std::string audit_json_line(const AuditRow& row);

/// The last line of a file that does not have everything: the next one begins before the event `before`.
std::string audit_csv_end(std::int64_t before);
std::string audit_json_end(std::int64_t before);

}  // namespace flow
