#include "flow/audit/export_audit.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "flow/audit/print_audit.hpp"
#include "flow/house/record.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

constexpr std::size_t most_events = 20'000;
constexpr std::size_t page_size = 200;
// Pages that were not full: each has passed 50,000 numbers, or 5,000 events of a kind ten times (store::find_events).
constexpr int most_searches = 40;

struct Taken {
  AuditFormat format;
  std::size_t events = 0;
};

/// The names of the filters are recorded, never what was typed in them. A command is not: the file is on its machine.
base::Result<void> record_export(const House& house, const rights::Actor& actor, const AuditQuery& query, Taken taken,
                                 const RequestFacts& facts) {
  if (actor.is_operator()) return {};
  audit::Codes filters;
  if (!query.type.empty()) filters.add("type");
  if (!query.outcome.empty()) filters.add("outcome");
  if (!query.account.empty()) filters.add("account");
  if (!query.client.empty()) filters.add("client");
  if (!query.source.empty()) filters.add("source");
  if (!query.request_id.empty()) filters.add("request");
  if (query.from || query.to) filters.add("days");
  return write_also_acting(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    const bool is_csv = taken.format == AuditFormat::csv;
    return store::append_event(tx,
                               make_event(audit::type::audit_export, actor, actor.account().tenant_id, facts,
                                          {{"form", is_csv ? audit::Code("csv") : audit::Code("json_lines")},
                                           {"filters", filters},
                                           {"events", audit::Value::count(static_cast<std::int64_t>(taken.events))}}));
  });
}

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
    if (page.rows.size() < query.page.most) ++searches;
    const bool is_cut = page.next_before != 0 && (left == 0 || searches == most_searches);
    if (is_cut) done.file += is_csv ? audit_csv_end(page.next_before) : audit_json_end(page.next_before);
    if (is_cut || page.next_before == 0) break;
    query.before_seq = page.next_before;
  }
  RETURN_IF_ERROR(record_export(house, actor, query, {format, most_events - left}, facts));
  return done;
}

}  // namespace flow
