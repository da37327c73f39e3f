#include "flow/audit/export_audit.hpp"

#include <algorithm>

#include "flow/audit/print_audit.hpp"

namespace flow {
namespace {

constexpr std::size_t most_events = 20'000;
constexpr std::size_t page_size = 200;
// Pages that were not full: each has passed 50,000 numbers, or 5,000 events of a kind ten times (store::find_events).
constexpr int most_searches = 40;

}  // namespace

base::Result<AuditExport> export_audit(const House& house, const rights::Actor& actor, AuditQuery query,
                                       AuditFormat format, const RequestFacts& facts) {
  const bool is_csv = format == AuditFormat::csv;
  AuditExport done;
  if (is_csv) done.file = audit_csv_header();
  std::size_t left = most_events;
  for (int searches = 0;;) {
    query.page = {Turn::first, {}, std::min(page_size, left)};
    ASSIGN_OR_RETURN(const AuditPage page, read_audit(house, actor, query, facts));
    if (!query.account.empty() && !page.account) return AuditExport{{}, false};
    if (page.account) query.account = page.account->to_string();  // the name is searched once
    for (const AuditRow& row : page.rows) done.file += is_csv ? audit_csv_line(row) : audit_json_line(row);
    left -= page.rows.size();
    if (page.next_before == 0) return done;
    if (page.rows.size() < query.page.most) ++searches;
    if (left == 0 || searches == most_searches) {
      done.file += is_csv ? audit_csv_end(page.next_before) : audit_json_end(page.next_before);
      return done;
    }
    query.before_seq = page.next_before;
  }
}

}  // namespace flow
