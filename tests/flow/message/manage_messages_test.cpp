#include "flow/message/manage_messages.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/create_account.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/session/logout.hpp"
#include "store/tenant/tenants.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Desk : PersonFixture {
  Desk() {
    flow::NewAccount wished = wish("boss");
    wished.contexts = {"administrator"};
    create(wished);
    boss_cookie = log_in("boss");
    const auto anna = account(add_person("anna", "anna@clinic.example"));
    REQUIRE(store->write([&](store::Tx& tx) {
      return flow::queue_message(*house, tx, {anna, {flow::Channel::email, "anna@clinic.example"}, text::Language::en},
                                 {"verify_address", {{"code", "123456"}, {"minutes", std::int64_t{15}}}, ""}, now);
    }));
    item = outbox()[0].id.to_string();
  }
  std::string boss_cookie;
  std::string item;
};

}  // namespace

TEST_CASE("an administrator sees what waits and why, but neither the text nor the whole address") {
  Desk f;
  const auto page = flow::list_messages(*f.house, f.actor(f.boss_cookie), {}, f.now);
  REQUIRE(page);
  REQUIRE(page->rows.size() == 1);
  CHECK(page->ends.count == 1);
  const flow::MessageRow& row = page->rows.front();
  CHECK(row.message == "verify_address");
  CHECK(row.person == "Anna Kowalska");
  CHECK(row.to == "a…@clinic.example");
  CHECK(row.state == "pending");
  CHECK(row.may_retry);
  CHECK(row.may_drop);
  CHECK(flow::shorten_address("+48600100201") == "+48…201");
}

TEST_CASE("after the delivery the list still shows which message went to whom, and whereto in part") {
  Desk f;
  const base::Id id = base::Id::parse(f.item).value();
  const std::string kept = flow::to_kept_payload(flow::parse_payload(f.outbox()[0].payload).value());
  CHECK(kept.find("123456") == std::string::npos);
  CHECK(kept.find("anna@") == std::string::npos);
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::finish_outbox(tx, id, kept, f.now); }));
  const auto page = flow::list_messages(*f.house, f.actor(f.boss_cookie), {"delivered"}, f.now).value();
  REQUIRE(page.rows.size() == 1);
  CHECK(page.rows[0].message == "verify_address");
  CHECK(page.rows[0].person == "Anna Kowalska");
  CHECK(page.rows[0].to == "a…@clinic.example");
  CHECK_FALSE(page.rows[0].may_retry);
  CHECK(flow::retry_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts()).error().code == base::Code::conflict);
  // And goes after its time.
  CHECK_FALSE(f.store->write([&](store::Tx& tx) { return store::delete_old_outbox(tx, f.now + 1h); }).value());
  CHECK(f.outbox().empty());
}

TEST_CASE("pages of messages follow one another in both directions, over all states") {
  Desk f;
  constexpr std::size_t all = 11;
  for (std::size_t i = 1; i < all; ++i) {
    store::OutboxItem item;
    item.id = base::Id::make(f.now);
    item.tenant_id = f.store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
    item.kind = "mail";
    item.state = i % 3 == 0 ? "failed" : i % 3 == 1 ? "delivered" : "pending";
    item.created_at = f.now + (i % 4) * 1s;
    item.next_at = f.now;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_outbox(tx, item); }));
    if (item.state != "pending") continue;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::drop_outbox(tx, item.id, f.now); }));
  }
  for (const auto& actor : {f.actor(f.boss_cookie), Desk::operator_actor()}) {
    const auto walk = [&](flow::Turn begin, flow::Turn turn) {
      std::vector<base::Id> seen;
      flow::PageWish wish{begin, {}, 3};
      for (;;) {
        auto page = flow::list_messages(*f.house, actor, {"", "", wish}, f.now).value();
        CHECK(page.ends.count == static_cast<std::int64_t>(all));
        if (turn == flow::Turn::previous) std::reverse(page.rows.begin(), page.rows.end());
        for (const auto& row : page.rows) {
          if (std::find(seen.begin(), seen.end(), row.id) == seen.end()) seen.push_back(row.id);
        }
        const auto& onward = turn == flow::Turn::next ? page.ends.next : page.ends.previous;
        if (!onward) return seen;
        CHECK(page.rows.size() == 3);
        wish = {turn, *onward, 3};
      }
    };
    const auto forwards = walk(flow::Turn::first, flow::Turn::next);
    auto backwards = walk(flow::Turn::last, flow::Turn::previous);
    std::reverse(backwards.begin(), backwards.end());
    CHECK(forwards.size() == all);
    CHECK(forwards == backwards);
  }
  const auto list = [&](std::string_view state, const flow::PageWish& wish) {
    return flow::list_messages(*f.house, f.actor(f.boss_cookie), {state, "", wish}, f.now);
  };
  CHECK(list("failed", {}).value().rows.size() == 3);
  CHECK(list("odd", {}).error().code == base::Code::invalid_input);
  CHECK(list("", {flow::Turn::next, "odd", 25}).error().code == base::Code::invalid_input);
  CHECK(list("", {flow::Turn::next, base::Id::make(f.now).to_string(), 25}).value().rows.size() == all);  // it is gone
}

TEST_CASE("a dropped message is never sent, is erased, and who dropped it is on record") {
  Desk f;
  REQUIRE(flow::drop_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts()));
  CHECK(f.outbox()[0].state == "dropped");
  CHECK(f.outbox()[0].payload.empty());
  CHECK(f.store->write([&](store::Tx& tx) { return store::take_due_outbox(tx, "mail", f.now + 48h, f.now + 49h, 10); })
            .value()
            .empty());
  CHECK(f.events("message_drop").size() == 1);
  const auto again = flow::drop_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == base::Code::conflict);
  CHECK(flow::retry_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts()).error().code == base::Code::conflict);
}

TEST_CASE("a message that failed can be sent again by hand") {
  Desk f;
  const base::Id id = base::Id::parse(f.item).value();
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::postpone_outbox(tx, id, std::nullopt, "550"); }));
  CHECK(f.outbox()[0].state == "failed");
  REQUIRE(flow::retry_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts()));
  CHECK(f.outbox()[0].state == "pending");
  CHECK(f.events("message_retry").size() == 1);
}

TEST_CASE("a message that is being sent is not sent a second time by hand") {
  Desk f;
  const auto take = [&] {
    return f.store
        ->write(
            [&](store::Tx& tx) { return store::take_due_outbox(tx, "mail", f.now, f.now + flow::outbox_lease, 10); })
        .value()
        .size();
  };
  REQUIRE(take() == 1);
  f.now += 5s;
  REQUIRE(flow::retry_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts()));
  CHECK(take() == 0);
  f.now += flow::outbox_lease;
  CHECK(take() == 1);
}

TEST_CASE("a message that waits for hours is due within a minute once somebody asks for it") {
  Desk f;
  const base::Id id = base::Id::parse(f.item).value();
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::postpone_outbox(tx, id, f.now + 4h, "421"); }));
  REQUIRE(flow::retry_message(*f.house, f.actor(f.boss_cookie), f.item, f.facts()));
  CHECK(f.outbox()[0].next_at == f.now + flow::outbox_lease);
}

TEST_CASE("an ordinary user neither sees nor touches the outbox, and a made-up id is nobody's") {
  Desk f;
  const std::string anna = f.log_in("anna");
  CHECK(flow::list_messages(*f.house, f.actor(anna), {}, f.now).error().code == base::Code::denied);
  CHECK(flow::drop_message(*f.house, f.actor(anna), f.item, f.facts()).error().code == base::Code::denied);
  for (const std::string& id : {std::string("x"), std::string(), base::Id::make(f.now).to_string()}) {
    CHECK(flow::drop_message(*f.house, f.actor(f.boss_cookie), id, f.facts()).error().code == base::Code::not_found);
  }
  CHECK(f.outbox()[0].state == "pending");
}

TEST_CASE("a message is changed only with a fresh proof, and the record says whose it was") {
  Desk f;
  const auto boss = f.actor(f.boss_cookie);
  REQUIRE(flow::retry_message(*f.house, boss, f.item, f.facts()));
  CHECK(f.events("message_retry")[0].subject == flow::parse_payload(f.outbox()[0].payload).value().account);
  f.now += f.settings.proof.lasts;
  CHECK(flow::drop_message(*f.house, boss, f.item, f.facts()).error().reason == "proof_needed");
  CHECK(f.outbox()[0].state == "pending");
}

TEST_CASE("an account administrator holds back no message of a super administrator") {
  Desk f;
  flow::NewAccount wished = f.wish("root");
  wished.email = "root@clinic.example";
  wished.contexts = {"super_administrator"};
  const auto root = f.account(f.create(wished));
  f.now += 1s;
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return flow::queue_message(*f.house, tx, {root, {flow::Channel::email, "root@clinic.example"}, text::Language::en},
                               {"verify_address", {{"code", "123456"}, {"minutes", std::int64_t{15}}}, ""}, f.now);
  }));
  for (const auto& one : f.outbox()) {
    if (flow::parse_payload(one.payload).value().account != root.id) continue;
    const std::string id = one.id.to_string();
    CHECK(flow::drop_message(*f.house, f.actor(f.boss_cookie), id, f.facts()).error().code == base::Code::denied);
    CHECK(flow::drop_message(*f.house, f.actor(f.log_in("root")), id, f.facts()));
  }
  CHECK(f.events("message_drop").size() == 1);
}

TEST_CASE("a request for a reset and an application's logout name their person, before and after the delivery") {
  testing::OidcFixture f;
  const auto operator_actor = testing::OidcFixture::operator_actor();
  const auto list = [&] { return flow::list_messages(*f.house, operator_actor, {}, f.now).value().rows; };
  const auto row_of = [&](std::string_view kind) {
    const auto rows = list();
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.kind == kind; });
    REQUIRE(found != rows.end());
    return *found;
  };
  const auto ask = [&](const std::string& login) {
    REQUIRE(flow::ask_for_reset(*f.house, {login, "", text::Language::en, ""}, f.facts()));
  };
  ask("anna.kowalska");
  const std::string cookie = f.log_in();
  (void)f.get_tokens(cookie);
  REQUIRE(flow::logout(*f.house, flow::find_visitor(*f.house, cookie, f.facts(), false).value(), audit::why::own_wish,
                       f.facts()));
  const std::string name = row_of("reset").person;
  CHECK(name == "Anna Kowalska");
  CHECK(row_of("logout").person == name);
  CHECK(row_of("logout").to == "Portal");

  flow::Deliverers deliverers;
  deliverers.emplace("reset", flow::make_reset_deliverer(*f.house));
  deliverers.emplace("logout", [](const store::OutboxItem&, base::Time) { return courier::delivered(); });
  REQUIRE(flow::deliver_outbox(*f.house, deliverers, f.now));
  CHECK(row_of("reset").state == "delivered");
  CHECK(row_of("reset").person == name);
  CHECK(row_of("logout").state == "delivered");
  CHECK(row_of("logout").person == name);
  CHECK(row_of("logout").to == "Portal");
  // Nothing else of what was asked is kept.
  const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
  for (const store::OutboxItem& item : items) {
    if (item.kind != "reset" && item.kind != "logout") continue;
    CHECK(item.payload.find("anna.kowalska") == std::string::npos);
    CHECK(item.payload.find("\"sid\"") == std::string::npos);
    CHECK(item.payload.find("\"ip\"") == std::string::npos);
  }

  const std::string again = f.log_in();
  REQUIRE(flow::delete_own_account(*f.house, *flow::find_visitor(*f.house, again, f.facts(), false).value().actor,
                                   f.facts()));
  for (const char* kind : {"reset", "logout"}) {
    CHECK(row_of(kind).person.empty());
    CHECK(row_of(kind).is_of_deleted);
  }
}

TEST_CASE("a reset that was asked for a login that nobody has names nobody, and does not show what was typed") {
  Desk f;
  REQUIRE(flow::ask_for_reset(*f.house, {"a secret typed here", "", text::Language::en, ""}, f.facts()));
  const auto rows = flow::list_messages(*f.house, f.actor(f.boss_cookie), {}, f.now).value().rows;
  const auto reset = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.kind == "reset"; });
  REQUIRE(reset != rows.end());
  CHECK(reset->person.empty());
  CHECK(reset->to.empty());
  CHECK_FALSE(reset->is_of_deleted);
}
