#include "flow/audit/read_situation.hpp"

#include <doctest/doctest.h>

#include "audit/event.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/set_password.hpp"
#include "flow/login/login_password.hpp"
#include "flow/person_fixture.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/audit/audit_log.hpp"
#include "store/driver/sql.hpp"
#include "store/message/outbox.hpp"
#include "store/password/passwords.hpp"
#include "store/tenant/tenants.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Desk : PersonFixture {
  Desk() {
    flow::NewAccount wished = wish("boss");
    wished.contexts = {"administrator"};
    create(wished);
    end = now;
    now -= 24h * 20;  // the sessions begin after what is counted
    tenant = store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
  }
  /// An event of the log, so long before the end.
  void write(audit::Code type, std::string outcome, base::Duration before, const base::Id& of) {
    audit::Event event;
    event.type = type.view();
    event.outcome = std::move(outcome);
    event.tenant_id = of;
    event.at = end - before;
    REQUIRE(store->write([&](store::Tx& tx) { return store::append_event(tx, event); }));
  }
  void write(audit::Code type, std::string outcome, base::Duration before) {
    write(type, std::move(outcome), before, tenant);
  }
  flow::Situation look(const rights::Actor& actor) {
    const auto found = flow::read_situation(*house, actor, end);
    REQUIRE_MESSAGE(found, base::describe(found.error()));
    return *found;
  }
  base::Time end;
  base::Id tenant;
};

}  // namespace

TEST_CASE("an administrator sees the failed logins and lockouts of the last hours and days, each in its time") {
  Desk f;
  f.write(audit::type::login, "failure", 24h * 8);
  f.write(audit::type::login, "failure", 24h * 6 + 1h);
  f.write(audit::type::login, "failure", 30h);
  f.write(audit::type::lockout, "success", 29h);
  f.write(audit::type::login, "failure", 90min);
  f.write(audit::type::login, "success", 80min);
  f.write(audit::type::login, "failure", 70min);
  f.write(audit::type::login, "failure", 1min);
  f.now = f.end;
  const auto situation = f.look(Desk::operator_actor());
  REQUIRE(situation.logins);
  const flow::Trend& failures = situation.logins->failures;
  CHECK(failures.hours[23] == 1);
  CHECK(failures.hours[22] == 2);
  CHECK(failures.hours[21] == 0);
  CHECK(failures.days[6] == 3);
  CHECK(failures.days[5] == 1);
  CHECK(failures.days[0] == 1);
  CHECK(failures.last_day() == 3);
  CHECK(failures.last_week() == 5);
  CHECK(situation.logins->lockouts.last_day() == 0);
  CHECK(situation.logins->lockouts.last_week() == 1);
  CHECK_FALSE(situation.logins->counted_from);
}

TEST_CASE("what happens in another tenant is counted for those alone who reach it") {
  Desk f;
  const base::Id other = base::Id::make(f.now);
  f.write(audit::type::login, "failure", 2h, other);
  f.write(audit::type::login, "failure", 2h);
  f.now = f.end;
  const std::string cookie = f.log_in("boss");
  const auto mine = f.look(f.actor(cookie));
  CHECK(mine.logins->failures.last_day() == 1);
  CHECK_FALSE(mine.shows_installation);
  const auto all = f.look(Desk::operator_actor());
  CHECK(all.logins->failures.last_day() == 2);
  CHECK(all.shows_installation);
}

TEST_CASE("messages that wait or were given up are counted, and nobody without a right learns anything") {
  Desk f;
  f.now = f.end;
  for (const char* state : {"pending", "failed", "failed", "delivered"}) {
    store::OutboxItem item;
    item.id = base::Id::make(f.now);
    item.tenant_id = f.tenant;
    item.kind = "mail";
    item.state = state;
    item.created_at = item.next_at = f.now;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_outbox(tx, item); }));
  }
  const std::string cookie = f.log_in("boss");
  const auto situation = f.look(f.actor(cookie));
  REQUIRE(situation.messages);
  CHECK(situation.messages->waiting == 1);
  CHECK(situation.messages->failed == 2);
  REQUIRE(situation.chain);
  CHECK_FALSE(situation.chain->last);
  f.create(f.wish("nurse"));
  const std::string nurse = f.log_in("nurse");
  CHECK_FALSE(flow::may_administer(f.actor(nurse)));
  CHECK(flow::read_situation(*f.house, f.actor(nurse), f.end).error().code == base::Code::denied);
}

TEST_CASE("so many logins that not all are counted are said to be so, from when on") {
  Desk f;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    audit::Event event;
    event.type = audit::type::login.view();
    event.outcome = "failure";
    event.tenant_id = f.tenant;
    for (int i = 0; i < 20'100; ++i) {
      event.at = f.end - 3h + std::chrono::milliseconds(i);
      RETURN_IF_ERROR(store::append_event(tx, event));
    }
    return {};
  }));
  const auto situation = f.look(Desk::operator_actor());
  CHECK(situation.logins->failures.last_day() == 20'000);
  REQUIRE(situation.logins->counted_from);
  CHECK(*situation.logins->counted_from == f.end - 3h + std::chrono::milliseconds(100));
}

TEST_CASE(
    "passwords and certificates that end soon are counted for those who see the accounts, in their tenants alone") {
  Desk f;
  f.now = f.end;
  const base::Id jan = f.add_person("jan", "jan@clinic.example");
  REQUIRE(flow::create_tenant(*f.house, f.operator_actor(), {"ward", ""}, {.name = "Ward"}, f.facts()));
  flow::NewAccount wished = f.wish("eva");
  wished.email = "eva@clinic.example";
  wished.tenant = "ward";
  wished.contexts = {"administrator"};
  const base::Id eva = f.create(wished);
  const rights::Actor boss = f.actor(f.log_in("boss"));
  const rights::Actor below = f.actor(f.log_in("eva"));
  CHECK(f.look(boss).ends->passwords == 0);
  CHECK(f.look(boss).ends->certificates == 0);
  std::string mark = "a";
  for (const base::Id& id : {jan, eva}) {
    REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(const auto password, store::find_password(tx, id));
      RETURN_IF_ERROR(store::note_reminder(tx, password->id, 3));
      // One that ends tomorrow, one that has ended, one that ends next year.
      for (const base::Duration left : {base::Duration(24h), base::Duration(-24h), base::Duration(24h * 365)}) {
        mark += "a";
        RETURN_IF_ERROR(
            tx.run("INSERT INTO account_certificate(fingerprint, tenant_id, account_id, der, subject, issuer, serial, "
                   "not_before, not_after, created_at) SELECT $1, tenant_id, id, $2, 's', 'i', '1', $3, $4, $3 "
                   "FROM account WHERE id = $5",
                   {mark, store::Blob{"der"}, f.end - 24h * 30, f.end + left, id}));
      }
      return {};
    }));
  }
  CHECK(f.look(boss).ends->passwords == 2);
  CHECK(f.look(boss).ends->certificates == 2);
  CHECK(f.look(below).ends->passwords == 1);
  CHECK(f.look(below).ends->certificates == 1);
  CHECK(f.look(Desk::operator_actor()).ends->passwords == 2);
  // A new password ends the reminder.
  REQUIRE(
      flow::set_password(*f.house, f.operator_actor(), "jan", {base::Secret("Copper-River-2027"), false}, f.facts()));
  CHECK(f.look(boss).ends->passwords == 1);
}
