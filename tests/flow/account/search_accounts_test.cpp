#include "flow/account/search_accounts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/create_account.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/setup/fill_terms.hpp"
#include "store/account/search_terms.hpp"
#include "store/driver/sql.hpp"
#include "store/tenant/tenants.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

/// An administrator of the first tenant, a super administrator, and people.
class Scene : public PersonFixture {
 public:
  Scene() {
    add("anna.boss", "Anna", "Szef", {"administrator"});
    add("ada", "Ada", "Minster", {"super_administrator"});
    jan = add("jan.nowak", "Jan", "Nowak", {"user"});
    piotr = add("pw77", "Piotr", "Wi\xc5\x9bniewski", {"user"});
  }

  base::Id add(const std::string& login, const std::string& given, const std::string& family,
               std::vector<std::string> contexts) {
    flow::NewAccount wished = wish(login);
    wished.given_name = given;
    wished.family_name = family;
    wished.contexts = std::move(contexts);
    return create(wished);
  }
  std::vector<std::string> search(const rights::Actor& actor, const std::string& text, const std::string& state = {}) {
    flow::AccountQuery query;
    query.text = text;
    query.state = state;
    std::vector<std::string> logins;
    const flow::AccountPage page = flow::search_accounts(*house, actor, query, facts()).value();
    for (const auto& row : page.rows) {
      logins.push_back(row.account.login);
    }
    return logins;
  }
  /// Moves an account to another tenant.
  void move_away(const base::Id& account) {
    const base::Id tenant = base::Id::make(now);
    REQUIRE(store->write([&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(tx.run("INSERT INTO tenant(id, name, settings) VALUES ($1, $2, $3)",
                             {tenant, std::string_view("Other"), std::string_view("{}")}));
      RETURN_IF_ERROR(tx.run("UPDATE account SET tenant_id = $2 WHERE id = $1", {account, tenant}));
      return store::refresh_terms(tx, account);
    }));
  }

  base::Id jan;
  base::Id piotr;
};

using Logins = std::vector<std::string>;

}  // namespace

TEST_CASE("an account is found by the beginnings of its words and numbers, in any order, case and spelling") {
  Scene s;
  flow::NewAccount wished = s.wish("mwb");
  wished.given_name = "Małgorzata";
  wished.family_name = "Brzęczyszczykiewicz";
  wished.email = "mb@klinika.example";
  wished.phone = "+48600100200";
  wished.identifiers = {{"pesel", "44051401359"}, {"nip", "5261040828"}};
  s.create(wished);
  const auto boss = s.actor(s.log_in("anna.boss"));
  for (const char* typed : {"malgorzata", "MAŁGORZATA", "brzeczy malg", "Małgorzata Brzęczyszczykiewicz", "mb@klin",
                            "klinika.example", "600 100", "+48 600 100 200", "440514", "526-104-08-28", "  mwb  "}) {
    CHECK_MESSAGE(s.search(boss, typed) == Logins{"mwb"}, typed);
  }
  CHECK(s.search(boss, "Nowak Jan") == Logins{"jan.nowak"});
  CHECK(s.search(boss, "jan now") == Logins{"jan.nowak"});
  CHECK(s.search(boss, "wisni") == Logins{"pw77"});
  for (const char* typed : {"owak", "jan kowalska", "pw_7", "%", "\\", "' OR '1'='1", "\u200b", "0514"}) {
    CHECK_MESSAGE(s.search(boss, typed).empty(), typed);
  }
  CHECK(s.search(boss, std::string(101, 'a')).empty());
  CHECK(s.search(boss, "").size() == 5);
}

TEST_CASE("whoever searches by number leaves an event without the number, and none by name, address or short word") {
  Scene s;
  flow::NewAccount wished = s.wish("mwb");
  wished.identifiers = {{"pesel", "44051401359"}, {"passport", "ABC1234567"}};
  s.create(wished);
  const auto boss = s.actor(s.log_in("anna.boss"));
  for (const char* typed : {"4", "440", "ABC", "mwb 4", "mwb 440", "mwb ABC", "mwb@clinic.example"}) {
    CHECK_MESSAGE(s.search(boss, typed).empty(), typed);
  }
  CHECK(s.search(boss, "nowak jan") == Logins{"jan.nowak"});
  CHECK(s.events("account_search").empty());
  CHECK(s.search(boss, "4405") == Logins{"mwb"});
  CHECK(s.search(boss, "ABC 1234") == Logins{"mwb"});
  const auto events = s.events("account_search");
  REQUIRE(events.size() == 2);
  for (const auto& event : events) {
    CHECK(event.data == R"({"how":"by_number"})");
    CHECK(event.typed.empty());
    CHECK(event.actor == boss.account().id);
    CHECK(event.outcome == "success");
  }
}

TEST_CASE("nobody finds out a number digit by digit: an administrator has sixty searches by number in an hour") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  const auto super = s.actor(s.log_in("ada"));
  const auto search = [&](const rights::Actor& actor, const std::string& text) {
    flow::AccountQuery query;
    query.text = text;
    return flow::search_accounts(*s.house, actor, query, s.facts());
  };
  for (int i = 0; i < 60; ++i) REQUIRE(search(boss, std::to_string(440500 + i)));
  for (int i = 0; i < 9; ++i) CHECK(search(boss, "440514").error().code == base::Code::too_many);
  // The pages of a search count like the search.
  flow::AccountQuery page;
  page.text = "440514";
  page.page = {flow::Turn::next, "0." + s.jan.to_string(), 25};
  CHECK(flow::search_accounts(*s.house, boss, page, s.facts()).error().code == base::Code::too_many);
  // Refusals are recorded as number 1, 2, 4 and 8 of the minute.
  const auto events = s.events("account_search");
  CHECK(std::count_if(events.begin(), events.end(), [](const auto& one) { return one.outcome == "success"; }) == 60);
  CHECK(std::count_if(events.begin(), events.end(), [](const auto& one) { return one.outcome == "failure"; }) == 4);
  CHECK(search(boss, "nowak").value().rows.size() == 1);
  CHECK(search(super, "440514"));
  for (int i = 0; i < 100; ++i) CHECK(search(Scene::operator_actor(), "440514"));
  s.now += 1h;
  CHECK(search(s.actor(s.log_in("anna.boss")), "440514"));
}

TEST_CASE("the filter of the audit log searches accounts under the same limit, and a login as it is under none") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  const auto read = [&](const std::string& account) {
    flow::AuditQuery query;
    query.account = account;
    return flow::read_audit(*s.house, boss, query, s.facts());
  };
  CHECK(read("pw77").value().account == s.piotr);  // a login, although it could begin a number
  CHECK(read("wisn").value().account == s.piotr);
  CHECK(s.events("account_search").empty());
  for (int i = 0; i < 60; ++i) REQUIRE(read(std::to_string(440500 + i)));
  CHECK(read("440514").error().code == base::Code::too_many);
  CHECK(read("pw77"));
  flow::AccountQuery query;
  query.text = "440514";
  CHECK(flow::search_accounts(*s.house, boss, query, s.facts()).error().code == base::Code::too_many);
}

TEST_CASE("what an account had before finds it no more, and a deleted account is found by nothing") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  REQUIRE(s.search(boss, "nowak") == Logins{"jan.nowak"});
  REQUIRE(flow::delete_own_account(*s.house, s.actor(s.log_in("jan.nowak")), s.facts()));
  CHECK(s.search(boss, "nowak").empty());
  CHECK(s.search(boss, "nowak", "deleted").empty());
  CHECK(s.search(boss, "", "deleted").size() == 1);
}

TEST_CASE("pages follow one another forwards and backwards without a gap, and are counted") {
  Scene s;
  for (int i = 0; i < 30; ++i) {
    s.now += 1ms;
    s.add("person" + std::to_string(i), i % 3 == 0 ? "Żaneta" : "Zaneta", "K" + std::to_string(100 + i), {"user"});
  }
  for (const auto& [text, order] :
       {std::pair("ŻANETA", ""), std::pair("z pers", ""), std::pair("", ""), std::pair("", "newest")}) {
    CAPTURE(text);
    CAPTURE(order);
    flow::AccountQuery query;
    query.text = text;
    query.order = order;
    query.page.most = 4;
    const std::size_t all = *text != '\0' ? 30 : 34;
    const auto walk = [&](flow::Turn begin, flow::Turn turn) {
      std::vector<base::Id> seen;
      query.page.turn = begin;
      for (;;) {
        const auto page = flow::search_accounts(*s.house, Scene::operator_actor(), query, s.facts()).value();
        CHECK(page.ends.count == static_cast<std::int64_t>(all));
        CHECK_FALSE(page.ends.is_count_least);
        std::vector<base::Id> ids;
        for (const auto& row : page.rows) ids.push_back(row.account.id);
        const auto& onward = turn == flow::Turn::next ? page.ends.next : page.ends.previous;
        if (turn == flow::Turn::previous) std::reverse(ids.begin(), ids.end());
        for (const base::Id& id : ids) {
          if (std::find(seen.begin(), seen.end(), id) == seen.end()) seen.push_back(id);
        }
        if (!onward) return seen;
        CHECK(page.rows.size() == 4);
        query.page.turn = turn;
        query.page.row = *onward;
      }
    };
    const auto forwards = walk(flow::Turn::first, flow::Turn::next);
    auto backwards = walk(flow::Turn::last, flow::Turn::previous);
    std::reverse(backwards.begin(), backwards.end());
    CHECK(forwards.size() == all);
    CHECK(forwards == backwards);
  }
}

TEST_CASE("the list is in the order of names or of time, and a page whose last row is gone begins again") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  CHECK(s.search(boss, "") == Logins{"ada", "jan.nowak", "anna.boss", "pw77"});
  flow::AccountQuery query;
  query.order = "newest";
  query.page.most = 1;
  const auto newest = flow::search_accounts(*s.house, boss, query, s.facts()).value();
  query.page = {flow::Turn::next, "0." + base::Id::make(s.now).to_string(), 1};
  CHECK(flow::search_accounts(*s.house, boss, query, s.facts()).value().rows.front().account.id ==
        newest.rows.front().account.id);
  query.page.row = "odd";
  CHECK(flow::search_accounts(*s.house, boss, query, s.facts()).error().code == base::Code::invalid_input);
  query.page = {};
  query.order = "odd";
  CHECK(flow::search_accounts(*s.house, boss, query, s.facts()).error().code == base::Code::invalid_input);
}

TEST_CASE("a list goes through the tenants one after another, and an administrator's through one") {
  Scene s;
  s.move_away(s.jan);
  for (const char* text : {"", "a"}) {
    flow::AccountQuery query;
    query.text = text;
    query.page.most = 1;
    std::size_t rows = 0;
    const auto super = s.actor(s.log_in("ada"));
    for (;;) {
      const auto page = flow::search_accounts(*s.house, super, query, s.facts()).value();
      rows += page.rows.size();
      CHECK(page.ends.count == (*text != '\0' ? 2 : 4));
      if (!page.ends.next) break;
      query.page.turn = flow::Turn::next;
      query.page.row = *page.ends.next;
    }
    CHECK(rows == (*text != '\0' ? 2 : 4));
  }
  // A row of another tenant is no place in this administrator's list.
  const auto boss = s.actor(s.log_in("anna.boss"));
  flow::AccountQuery query;
  query.page = {flow::Turn::next, "0." + s.jan.to_string(), 25};
  const auto page = flow::search_accounts(*s.house, boss, query, s.facts()).value();
  CHECK(page.rows.size() == 3);
}

TEST_CASE("while accounts of an earlier program are prepared, the list says so and finds those that are ready") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  REQUIRE(s.store->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(tx.run("DELETE FROM account_term WHERE account_id = $1", {s.jan}));
    return store::set_mark(tx, "search terms due after", "");
  }));
  const auto find = [&] {
    flow::AccountQuery query;
    query.text = "nowak";
    return flow::search_accounts(*s.house, boss, query, s.facts()).value();
  };
  CHECK(find().is_filling);
  CHECK(find().rows.empty());
  CHECK(s.search(boss, "wisn") == Logins{"pw77"});
  flow::TermFiller filler;
  while (filler.step(*s.house).value()) continue;
  CHECK_FALSE(find().is_filling);
  CHECK(find().rows.size() == 1);
}

TEST_CASE("each start compares the terms once with what the accounts have, because an earlier program keeps none") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  REQUIRE(
      s.store->write([&](store::Tx& tx) { return tx.run("DELETE FROM account_term WHERE account_id = $1", {s.jan}); }));
  CHECK(s.search(boss, "nowak").empty());
  flow::TermFiller filler;
  while (filler.step(*s.house).value()) continue;
  CHECK(s.search(boss, "nowak") == Logins{"jan.nowak"});
}

TEST_CASE("accounts of another tenant do not exist for an administrator, but for a super administrator") {
  Scene s;
  s.move_away(s.jan);
  const auto boss = s.actor(s.log_in("anna.boss"));
  const auto super = s.actor(s.log_in("ada"));
  CHECK(s.search(boss, "jan.nowak").empty());
  CHECK(s.search(super, "jan.nowak") == Logins{"jan.nowak"});
  const std::string id = s.jan.to_string();
  CHECK(flow::find_account_details(*s.house, boss, id, s.now).error().code == base::Code::not_found);
  CHECK(flow::find_account_details(*s.house, super, id, s.now));
  const base::Secret password("Quiet-Orchard-2027");
  CHECK(flow::suspend_account(*s.house, boss, id, s.facts()).error().code == base::Code::not_found);
  CHECK(flow::restore_account(*s.house, boss, id, s.facts()).error().code == base::Code::not_found);
  CHECK(flow::unlock_account(*s.house, boss, id, s.facts()).error().code == base::Code::not_found);
  CHECK(flow::start_reset_for(*s.house, boss, id, s.facts()).error().code == base::Code::not_found);
  CHECK(flow::set_password(*s.house, boss, id, {password, true}, s.facts()).error().code == base::Code::not_found);
}

TEST_CASE("an administrator changes no account above him, not his own, and none without a fresh proof") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  const base::Secret password("Quiet-Orchard-2027");
  for (const char* named : {"ada", "anna.boss"}) {
    CHECK(flow::suspend_account(*s.house, boss, named, s.facts()).error().code == base::Code::denied);
    CHECK(flow::restore_account(*s.house, boss, named, s.facts()).error().code == base::Code::denied);
    CHECK(flow::unlock_account(*s.house, boss, named, s.facts()).error().code == base::Code::denied);
    CHECK(flow::start_reset_for(*s.house, boss, named, s.facts()).error().code == base::Code::denied);
    CHECK(flow::set_password(*s.house, boss, named, {password, true}, s.facts()).error().code == base::Code::denied);
  }
  CHECK(flow::suspend_account(*s.house, boss, "jan.nowak", s.facts()));
  s.now += s.settings.proof.lasts;
  CHECK(flow::restore_account(*s.house, boss, "jan.nowak", s.facts()).error().code == base::Code::denied);
  CHECK(s.search(boss, "", "suspended") == Logins{"jan.nowak"});
}

TEST_CASE("who is no administrator neither finds nor changes anything") {
  Scene s;
  const auto jan = s.actor(s.log_in("jan.nowak"));
  CHECK(flow::search_accounts(*s.house, jan, {}, s.facts()).error().code == base::Code::denied);
  CHECK(flow::find_account_details(*s.house, jan, s.piotr.to_string(), s.now).error().code == base::Code::denied);
  CHECK(flow::suspend_account(*s.house, jan, "pw77", s.facts()).error().code == base::Code::denied);
  CHECK(flow::start_reset_for(*s.house, jan, "pw77", s.facts()).error().code == base::Code::denied);
}

TEST_CASE("one account shows its state, contexts, logins and open sessions") {
  Scene s;
  (void)s.log_in("jan.nowak");
  const auto boss = s.actor(s.log_in("anna.boss"));
  const auto details = flow::find_account_details(*s.house, boss, s.jan.to_string(), s.now).value();
  CHECK(details.row.account.login == "jan.nowak");
  CHECK(details.contexts.size() == 1);
  CHECK(details.activity.here.last_success == s.now);
  CHECK(details.sessions == 1);
  CHECK(details.has_password);
  CHECK_FALSE(details.is_own);
  CHECK_FALSE(details.is_above);
}

TEST_CASE("a state or a kind gives the same order for a few of many as for most of them, on every page") {
  Scene s;
  const base::Id tenant = s.account(s.jan).tenant_id;
  REQUIRE(s.store->write([&](store::Tx& tx) -> base::Result<void> {
    for (int i = 0; i < 1100; ++i) {
      identity::Account one;
      one.id = base::Id::make(s.now + std::chrono::milliseconds(i));
      one.tenant_id = tenant;
      one.kind = i % 100 == 7 ? identity::AccountKind::recipient : identity::AccountKind::employee;
      one.given_name = "Zofia";
      one.family_name = "Nr" + std::to_string(i * 7919 % 1100);
      one.created_at = s.now;
      RETURN_IF_ERROR(store::insert_account(tx, one));
    }
    return {};
  }));
  const auto list = [&](const std::string& kind, const std::string& state, const std::string& order, flow::Turn begin) {
    flow::AccountQuery query;
    query.kind = kind;
    query.state = state;
    query.order = order;
    query.page.most = 100;
    query.page.turn = begin;
    const bool is_back = begin == flow::Turn::last;
    std::vector<std::pair<base::Id, identity::AccountKind>> all;
    for (;;) {
      const auto page = flow::search_accounts(*s.house, Scene::operator_actor(), query, s.facts()).value();
      std::vector<std::pair<base::Id, identity::AccountKind>> rows;
      for (const auto& row : page.rows) rows.emplace_back(row.account.id, row.account.kind);
      if (is_back) std::reverse(rows.begin(), rows.end());
      for (const auto& row : rows) {
        if (std::find(all.begin(), all.end(), row) == all.end()) all.push_back(row);
      }
      const auto& onward = is_back ? page.ends.previous : page.ends.next;
      if (!onward) break;
      query.page.turn = is_back ? flow::Turn::previous : flow::Turn::next;
      query.page.row = *onward;
      CHECK(page.ends.count == (kind == "recipient" ? 11 : kind == "employee" ? 1093 : 1104));
    }
    if (is_back) std::reverse(all.begin(), all.end());
    return all;
  };
  for (const std::string order : {"", "newest"}) {
    CAPTURE(order);
    const auto everybody = list("", "", order, flow::Turn::first);
    REQUIRE(everybody.size() == 1104);
    CHECK(list("", "active", order, flow::Turn::first) == everybody);
    for (const std::string kind : {"recipient", "employee"}) {
      CAPTURE(kind);
      auto expected = everybody;
      std::erase_if(expected, [&](const auto& one) { return identity::name_of(one.second) != kind; });
      CHECK(list(kind, "", order, flow::Turn::first) == expected);
      CHECK(list(kind, "active", order, flow::Turn::last) == expected);
      CHECK(list(kind, "locked", order, flow::Turn::first).empty());
    }
  }
}
