#include "flow/audit/print_audit.hpp"

#include <doctest/doctest.h>

TEST_CASE("an export opens in a spreadsheet without becoming a formula, whatever somebody typed") {
  flow::AuditRow row;
  row.event.seq = 7;
  row.event.at = base::parse_rfc3339("2026-11-21T09:00:07Z").value();
  row.event.type = "login";
  row.event.outcome = "failure";
  row.event.request_id = "r-1";
  row.event.personal = R"({"ip":"192.0.2.7"})";
  row.event.typed = "=HYPERLINK(\"https://evil.example\")";
  row.actor_name = "=1+1";
  row.subject_name = "say \"hello\", twice";
  const std::string line = flow::audit_csv_line(row);
  CHECK(
      line ==
      "7,\"2026-11-21T09:00:07.000Z\",\"login\",\"failure\",\"'=1+1\",\"say \"\"hello\"\", twice\",\"\",\"192.0.2.7\","
      "\"r-1\",\"typed==HYPERLINK(\"\"https://evil.example\"\")\"\r\n");
  for (const char* evil : {"=a", "+a", "-a", "@a", "\ta", "\ra"}) {
    row.actor_name = evil;
    CHECK(flow::audit_csv_line(row).find("\"'" + std::string(evil)) != std::string::npos);
  }
  CHECK(flow::audit_json_line(row).find("\"request\":\"r-1\"") != std::string::npos);
  CHECK(flow::audit_json_line(row).back() == '\n');
}
