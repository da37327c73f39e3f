#include "flow/account/search_accounts.hpp"

#include <doctest/doctest.h>

#include "flow/account/create_account.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
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
    const flow::AccountPage page = flow::search_accounts(*house, actor, query, now).value();
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
      return store::without_count(tx.run("UPDATE account SET tenant_id = $2 WHERE id = $1", {account, tenant}));
    }));
  }

  base::Id jan;
  base::Id piotr;
};

using Logins = std::vector<std::string>;

}  // namespace

TEST_CASE("an account is found by a part of its login or name, in any case and spelling") {
  Scene s;
  const auto boss = s.actor(s.log_in("anna.boss"));
  CHECK(s.search(boss, "NOWA") == Logins{"jan.nowak"});
  CHECK(s.search(boss, "wi\xc5\x9bnie") == Logins{"pw77"});
  CHECK(s.search(boss, "WI\xc5\x9aNIE") == Logins{"pw77"});
  CHECK(s.search(boss, "  piotr wi\xc5\x9bniewski ") == Logins{"pw77"});
  CHECK(s.search(boss, "wi\xc5\x82niewski").empty());
  CHECK(s.search(boss, "pw_7").empty());
  CHECK(s.search(boss, "%").empty());
  CHECK(s.search(boss, "\\").empty());
  CHECK(s.search(boss, "' OR '1'='1").empty());
  CHECK(s.search(boss, std::string(101, 'a')).empty());
  CHECK(s.search(boss, "\xe2\x80\x8b").empty());
  CHECK(s.search(boss, "").size() == 4);
}

TEST_CASE("pages follow one another without a gap, whatever lies between the found") {
  Scene s;
  for (int i = 0; i < 30; ++i) {
    s.now += 1ms;
    s.add("person" + std::to_string(i),
          i % 3 == 0 ? "\xc5\xbb"
                       "aneta"
                     : "Zaneta",
          "K", {"user"});
  }
  flow::AccountQuery query;
  query.text =
      "\xc5\xbc"
      "ANETA";
  query.most = 4;
  std::size_t found = 0;
  for (int page = 0; page < 20; ++page) {
    const auto got = flow::search_accounts(*s.house, Scene::operator_actor(), query, s.now).value();
    found += got.rows.size();
    if (!got.next_after) break;
    CHECK(got.rows.size() == 4);
    query.after = *got.next_after;
  }
  CHECK(found == 30);  // an accent does not make another name
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
  CHECK(flow::search_accounts(*s.house, jan, {}, s.now).error().code == base::Code::denied);
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
  CHECK(details.sessions.size() == 1);
  CHECK(details.has_password);
  CHECK_FALSE(details.is_own);
  CHECK_FALSE(details.is_above);
}
