#include "flow/audit/export_audit.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/house_fixture.hpp"
#include "store/driver/sql.hpp"

namespace {

using flow::AuditFormat;

struct Scene : testing::HouseFixture {
  Scene() {
    add_account("jan.nowak", "River-Copper-2026");
    add_account("jan.other", "River-Copper-2026");
    last = events().front().seq;
  }
  /// Copies of the newest event with the numbers from `from` on.
  void add_events(std::int64_t from, std::int64_t count) {
    REQUIRE(store->write([&](store::Tx& tx) {
      return tx.run(
          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $2) "
          "INSERT INTO audit_event(seq, at, tenant_id, type, outcome, client, request_id, context, data, "
          "personal_digest, salt, personal, previous_hash, hash) SELECT $1 + n.i, at, tenant_id, type, outcome, "
          "client, request_id, context, data, personal_digest, salt, personal, previous_hash, hash "
          "FROM audit_event, n WHERE seq = $3",
          {from, count, last});
    }));
  }
  base::Result<flow::AuditExport> run(const flow::AuditQuery& query, AuditFormat format = AuditFormat::json_lines) {
    return flow::export_audit(*house, operator_actor(), query, format, facts());
  }
  std::int64_t last = 0;
};

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    lines.push_back(file.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

TEST_CASE("an export with more events than a file may have says so in its last line, and the next one has the rest") {
  Scene s;
  s.add_events(s.last + 1, 20'050 - s.last);
  const auto first = lines_of(s.run({}).value().file);
  REQUIRE(first.size() == 20'001);
  CHECK(first.front().starts_with("{\"seq\":20050,"));
  CHECK(first[19'999].starts_with("{\"seq\":51,"));
  CHECK(first.back() == R"({"type":"export_incomplete","continue_before":51})");
  flow::AuditQuery rest;
  rest.before_seq = 51;
  const auto second = lines_of(s.run(rest).value().file);
  REQUIRE(second.size() == 50);
  CHECK(second.front().starts_with("{\"seq\":50,"));
  CHECK(second.back().starts_with("{\"seq\":1,"));
  const auto csv = lines_of(s.run({}, AuditFormat::csv).value().file);
  REQUIRE(csv.size() == 20'002);
  CHECK(csv.back() == R"("","","export_incomplete","","","","","","","","","","","continue_before=51","")"
                      "\r");
  CHECK(std::count(csv.back().begin(), csv.back().end(), ',') ==
        std::count(csv.front().begin(), csv.front().end(), ','));
}

TEST_CASE("an export with as many events as a file may have is complete, and says nothing") {
  Scene s;
  s.add_events(s.last + 1, 20'000 - s.last);
  const auto all = lines_of(s.run({}).value().file);
  REQUIRE(all.size() == 20'000);
  CHECK(all.back().starts_with("{\"seq\":1,"));
}

TEST_CASE("an export whose search passes very many events without a hit ends with the number where it goes on") {
  Scene s;
  s.add_events(3'000'000, 1);
  flow::AuditQuery query;
  query.client = "nobody";
  const auto first = lines_of(s.run(query).value().file);
  REQUIRE(first.size() == 1);
  CHECK(first.back() == R"({"type":"export_incomplete","continue_before":1000001})");
  query.before_seq = 1'000'001;
  CHECK(s.run(query).value().file.empty());
}

TEST_CASE("a name that several accounts have, or none, gives no file, and a filter that does not exist is refused") {
  Scene s;
  flow::AuditQuery query;
  for (const char* name : {"jan", "nobody"}) {
    query.account = name;
    const auto done = s.run(query).value();
    CHECK_FALSE(done.is_named);
    CHECK(done.file.empty());
  }
  query.account = "jan.other";
  CHECK(s.run(query).value().is_named);
  CHECK(lines_of(s.run(query).value().file).size() == 1);
  flow::AuditQuery odd;
  odd.type = "logins";
  CHECK(s.run(odd).error().code == base::Code::invalid_input);
  odd.type = "login";
  CHECK(s.run(odd));
  odd.outcome = "perhaps";
  CHECK(s.run(odd).error().code == base::Code::invalid_input);
}
