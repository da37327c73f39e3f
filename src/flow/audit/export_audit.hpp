// Exports what the filters of the audit log find, the newest first, as CSV or as JSON lines (S4.26). Whatever ends the
// file before everything is in it, its last line says so and where the next export continues. Each export is an event
// itself, written before the file is given away.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flow/audit/read_audit.hpp"

namespace flow {

enum class AuditFormat : std::uint8_t {
  csv,
  json_lines
};

struct AuditExport {
  std::string file;
  bool is_named = true;  // false: the query names no account, or several can be meant; then there is no file
};

/// At most 20,000 events of `query`, whose page does not count; `before_seq` continues an earlier export. A search
/// that finds little ends after 2,000,000 numbers of events. Errors: those of read_audit.
base::Result<AuditExport> export_audit(const House& house, const rights::Actor& actor, AuditQuery query,
                                       AuditFormat format, const RequestFacts& facts);

}  // namespace flow
