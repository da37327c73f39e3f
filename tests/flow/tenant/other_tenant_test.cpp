// What an administrator of one tenant learns of another one: nothing, on any page that lists, searches or exports.
#include <doctest/doctest.h>

#include "flow/account/search_accounts.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/audit/export_audit.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/message/manage_messages.hpp"
#include "flow/person_fixture.hpp"
#include "store/account/search_terms.hpp"
#include "store/driver/sql.hpp"
#include "store/tenant/tenants.hpp"

using testing::PersonFixture;

namespace {

/// Two tenants with an administrator each. In the first one jan.nowak has logged in and gets a message.
class TwoTenants : public PersonFixture {
 public:
  TwoTenants() {
    add("anna.boss", {"administrator"});
    const base::Id ola = add("ola.other", {"administrator"});
    cookie_ = log_in("ola.other");
    jan = add_person("jan.nowak", "jan.nowak@clinic.example");
    (void)log_in("jan.nowak");
    REQUIRE(flow::start_reset_for(*house, actor(log_in("anna.boss")), "jan.nowak", facts()));
    REQUIRE(store->write([&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(tx.run("INSERT INTO tenant(id, name, settings) VALUES ($1, $2, $3)",
                             {other, std::string_view("Other"), std::string_view("{}")}));
      RETURN_IF_ERROR(tx.run("UPDATE account SET tenant_id = $2 WHERE id = $1", {ola, other}));
      return store::refresh_terms(tx, ola);
    }));
    // The only event of the second tenant.
    flow::AccountQuery query;
    query.text = "4405";
    REQUIRE(flow::search_accounts(*house, stranger(), query, facts()));
  }

  rights::Actor boss() { return actor(log_in("anna.boss")); }
  rights::Actor stranger() { return actor(cookie_); }
  flow::AuditPage read(const rights::Actor& by, const flow::AuditQuery& query) {
    return flow::read_audit(*house, by, query, facts()).value();
  }
  std::string export_as(flow::AuditFormat format, const rights::Actor& by, const flow::AuditQuery& query = {}) {
    return flow::export_audit(*house, by, query, format, facts()).value().file;
  }

  base::Id other = base::Id::make(now);
  base::Id jan;

 private:
  base::Id add(const std::string& login, std::vector<std::string> contexts) {
    flow::NewAccount wished = wish(login);
    wished.contexts = std::move(contexts);
    return create(wished);
  }
  std::string cookie_;  // of ola.other
};

flow::AuditQuery about(const std::string& account) {
  flow::AuditQuery query;
  query.account = account;
  query.is_counted = true;
  return query;
}

}  // namespace

TEST_CASE("the audit log of an administrator has no event of another tenant, whatever is asked for") {
  TwoTenants t;
  const auto boss = t.boss();
  const auto stranger = t.stranger();
  const std::string id = t.jan.to_string();
  REQUIRE(t.read(boss, about("jan.nowak")).rows.size() >= 3);
  const auto all = t.read(stranger, {});
  REQUIRE(all.rows.size() == 1);
  CHECK(all.rows[0].event.type == "account_search");
  CHECK(all.rows[0].event.tenant_id == t.other);
  for (const std::string& named : {std::string("jan.nowak"), std::string("jan.nowak@clinic.example"), id,
                                   std::string("jan"), std::string("anna.boss")}) {
    const auto found = t.read(stranger, about(named));
    CHECK_MESSAGE(found.rows.empty(), named);
    CHECK_MESSAGE(found.candidates.empty(), named);
    CHECK_MESSAGE(found.ends.count == 0, named);
    // An account of another tenant looks like one that does not exist.
    if (named != id) CHECK_MESSAGE(!found.account, named);
  }
  for (const auto& row : t.read(boss, {}).rows) CHECK(row.event.tenant_id == t.account(t.jan).tenant_id);
}

TEST_CASE("an export of the audit log has no event of another tenant") {
  TwoTenants t;
  const auto boss = t.boss();
  const auto stranger = t.stranger();
  const std::string id = t.jan.to_string();
  for (const auto format : {flow::AuditFormat::csv, flow::AuditFormat::json_lines}) {
    const std::string first = t.export_as(format, boss);
    CHECK(first.find("jan.nowak") != std::string::npos);
    CHECK(first.find("account_search") == std::string::npos);
    const std::string second = t.export_as(format, stranger);
    CHECK(second.find("ola.other") != std::string::npos);
    for (const std::string& word : {std::string("jan.nowak"), std::string("anna.boss"), id}) {
      CHECK_MESSAGE(second.find(word) == std::string::npos, word);
    }
    CHECK(t.export_as(format, stranger, about(id)).find("jan.nowak") == std::string::npos);
  }
}

TEST_CASE("the outbox of an administrator has no message of another tenant, and none can be tried again or dropped") {
  TwoTenants t;
  const auto boss = t.boss();
  const auto stranger = t.stranger();
  const auto first = flow::list_messages(*t.house, boss, {}, t.now).value();
  REQUIRE(first.rows.size() == 1);
  CHECK(first.rows[0].person == "Anna Kowalska");
  for (const char* state : {"", "pending"}) {
    const auto second = flow::list_messages(*t.house, stranger, {state}, t.now).value();
    CHECK(second.rows.empty());
    CHECK(second.ends.count == 0);
  }
  // A row of the other tenant as a place in the list leads to nothing either.
  const std::string item = first.rows[0].id.to_string();
  for (const auto turn : {flow::Turn::next, flow::Turn::previous}) {
    CHECK(flow::list_messages(*t.house, stranger, {"", "", {turn, item, 25}}, t.now).value().rows.empty());
  }
  CHECK(flow::retry_message(*t.house, stranger, item, t.facts()).error().code == base::Code::not_found);
  CHECK(flow::drop_message(*t.house, stranger, item, t.facts()).error().code == base::Code::not_found);
  CHECK(t.outbox().size() == 1);
}

TEST_CASE("an account of another tenant has no page, and no search leads to it") {
  TwoTenants t;
  const auto boss = t.boss();
  const auto stranger = t.stranger();
  const std::string id = t.jan.to_string();
  CHECK(flow::find_account_details(*t.house, boss, id, t.now));
  CHECK(flow::find_account_details(*t.house, stranger, id, t.now).error().code == base::Code::not_found);
  for (const char* text : {"", "jan", "jan.nowak@clinic.example", "anna.boss"}) {
    flow::AccountQuery query;
    query.text = text;
    const auto page = flow::search_accounts(*t.house, stranger, query, t.facts()).value();
    for (const auto& row : page.rows) CHECK_MESSAGE(row.account.login == "ola.other", text);
    CHECK_MESSAGE(page.rows.size() == (*text == '\0' ? 1 : 0), text);
  }
}
