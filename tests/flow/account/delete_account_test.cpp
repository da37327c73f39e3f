#include "flow/account/delete_account.hpp"

#include <doctest/doctest.h>

#include "flow/account/set_password.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/audit/erase_due.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/login/read_activity.hpp"
#include "flow/message/manage_messages.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/outbox/message_item.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/message/outbox.hpp"
#include "store/password/passwords.hpp"
#include "store/session/devices.hpp"

using namespace std::chrono_literals;
using testing::HouseFixture;
using testing::OidcFixture;

namespace {

void leave(OidcFixture& f, const std::string& cookie) {
  const auto visitor = flow::find_visitor(*f.house, cookie, f.facts());
  REQUIRE(visitor->actor);
  const auto done = flow::delete_own_account(*f.house, *visitor->actor, f.facts());
  REQUIRE_MESSAGE(done, base::describe(done.error()));
}

}  // namespace

TEST_CASE("a deleted account leaves an anonymous row: no name, address, login, password, device or statistics") {
  OidcFixture f;
  leave(f, f.log_in());
  CHECK(f.store->read([&](store::Tx& tx) -> base::Result<void> {
    const auto left = store::find_account(tx, f.anna).value();
    REQUIRE(left);
    CHECK(left->status == identity::AccountStatus::deleted);
    CHECK(left->display_name().empty());
    CHECK(left->email.empty());
    CHECK(left->locale.empty());
    CHECK_FALSE(left->person_id);
    CHECK_FALSE(store::find_password(tx, f.anna).value());
    CHECK(store::list_devices(tx, f.anna)->empty());
    CHECK(store::list_contexts(tx, f.anna, f.now)->empty());
    CHECK_FALSE(store::find_statistics(tx, f.anna, "own")->last_success);
    return {};
  }));
}

TEST_CASE("the audit log keeps ids of a deleted account and nothing personal, and its chain holds") {
  OidcFixture f;
  CHECK_FALSE(flow::login_password(*f.house, {"anna.kowalska", base::Secret("wrong")}, f.facts()));
  leave(f, f.log_in());
  bool found = false;
  for (const audit::Event& event : f.events()) {
    if (event.actor != f.anna && event.subject != f.anna) continue;
    found = found || event.type == "account_delete";
    CHECK_MESSAGE(event.personal.empty(), event.type);
    CHECK(event.data.find("anna") == std::string::npos);
  }
  CHECK(found);
  CHECK(f.events("audit_erase").size() == 1);
  CHECK(flow::verify_audit(*f.house, {})->flaws.empty());
}

TEST_CASE("the first commit of a deletion hides everything; the steps that follow erase it, and no more is due") {
  OidcFixture f;
  leave(f, f.log_in());
  const auto is_due = [&] { return f.store->read([](store::Tx& tx) { return store::is_erasure_due(tx); }).value(); };
  CHECK(is_due());
  for (const audit::Event& event : f.events()) {
    if (event.actor == f.anna || event.subject == f.anna) CHECK_MESSAGE(event.personal.empty(), event.type);
  }
  CHECK(flow::erase_due_step(*f.house).value());
  CHECK_FALSE(is_due());
  CHECK_FALSE(flow::erase_due_step(*f.house).value());
  CHECK(flow::verify_audit(*f.house, {})->flaws.empty());
  CHECK(flow::verify_audit(*f.house, {})->erased > 0);
}

TEST_CASE("the list of messages does not show where the last notice of a deleted account goes") {
  OidcFixture f;
  leave(f, f.log_in());
  const auto rows = flow::list_messages(*f.house, HouseFixture::operator_actor(), {}, f.now).value().rows;
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].to.empty());
  CHECK(rows[0].person.empty());
  CHECK(rows[0].is_of_deleted);
}

TEST_CASE("the last notice of a deleted account still has its address, and goes to it alone") {
  OidcFixture f;
  leave(f, f.log_in());
  const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 100); }).value();
  REQUIRE(items.size() == 1);
  const auto notice = flow::parse_payload(items.front().payload).value();
  CHECK(notice.to == "anna@clinic.example");
  CHECK(notice.message == "deleted");
}

TEST_CASE("a deletion ends sessions, codes and tokens everywhere, and nobody can bring the account back") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  const std::string other = f.log_in();
  const std::string code = f.get_code(other);
  leave(f, cookie);
  CHECK(flow::find_visitor(*f.house, other, f.facts())->session() == nullptr);
  CHECK(f.error_of(f.redemption(code)) == flow::OAuthError::invalid_grant);
  CHECK_FALSE(flow::login_password(*f.house, {"anna.kowalska", base::Secret(OidcFixture::password)}, f.facts()));
  CHECK_FALSE(flow::login_password(*f.house, {"anna@clinic.example", base::Secret(OidcFixture::password)}, f.facts()));
  const std::string id = f.anna.to_string();
  const auto back = flow::restore_account(*f.house, HouseFixture::operator_actor(), id, f.facts());
  CHECK(back.error().code == base::Code::conflict);
  CHECK(flow::suspend_account(*f.house, HouseFixture::operator_actor(), id, f.facts()).error().code ==
        base::Code::conflict);
  CHECK_FALSE(flow::set_password(*f.house, HouseFixture::operator_actor(), id,
                                 {base::Secret("Quiet-Orchard-2027"), true}, f.facts()));
}

TEST_CASE("login and address of a deleted account are free for somebody else, who gets nothing of it") {
  OidcFixture f;
  const std::string cookie = f.log_in();
  leave(f, cookie);
  const base::Id next = f.add_account("anna.kowalska", OidcFixture::password, {"user"}, "anna@clinic.example");
  CHECK(next != f.anna);
  const auto visitor = flow::find_visitor(*f.house, f.log_in(), f.facts());
  REQUIRE(visitor->actor);
  const auto activity = flow::read_activity(*f.house, *visitor->actor, f.now).value();
  CHECK_FALSE(activity.here.previous_success);
}
