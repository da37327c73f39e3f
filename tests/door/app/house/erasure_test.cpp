#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "crypto/key/master_key.hpp"
#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"

using namespace std::chrono_literals;
using door::App;
using door::Browser;

TEST_CASE("a running server erases within a minute what a deletion left due, and people log in meanwhile") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  store::Store& db = app.house().store;
  const auto account =
      db.read([](store::Tx& tx) { return store::find_account_by_login(tx, "jan.nowak", base::now()); });
  REQUIRE(account.value());
  CHECK(db.write(
      [&](store::Tx& tx) { return store::erase_personal(tx, (*account)->tenant_id, (*account)->id, base::now()); }));
  Browser anna(app.port());
  door::log_in_anna(anna);
  CHECK(anna.get("/account").status == 200);
  const auto is_due = [&] { return db.read([](store::Tx& tx) { return store::is_erasure_due(tx); }).value(); };
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (is_due() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  CHECK_FALSE(is_due());
}

namespace {

constexpr int many_events = 3000;
constexpr const char* address = "203.0.113.77";

// The installation of a site, opened without its server.
std::unique_ptr<store::Store> open_store(const door::Site& site) {
  std::stringstream key;
  key << std::ifstream(site.folder / "data/master.key").rdbuf();
  store::Options options;
  options.url = "sqlite:" + site.folder / "data/chancery.db";
  return store::Store::open(options, crypto::MasterKey::parse(key.str()).value()).value();
}

// Events of the database file in which the address stands still.
int count_left(const door::Site& site) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_open_v2((site.folder / "data/chancery.db").c_str(), &database, SQLITE_OPEN_READONLY, nullptr) ==
          SQLITE_OK);
  sqlite3_busy_timeout(database, 60'000);
  const std::string sql = std::string("SELECT count(*) FROM audit_event WHERE personal LIKE '%") + address + "%'";
  REQUIRE(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(statement) == SQLITE_ROW);
  const int left = sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return left;
}

void make_erasure_due(const door::Site& site) {
  const auto db = open_store(site);
  const auto jan = db->read([](store::Tx& tx) { return store::find_account_by_login(tx, "jan.nowak", base::now()); });
  REQUIRE(jan.value());
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    for (int i = 0; i < many_events; ++i) {
      audit::Event event;
      event.at = base::now();
      event.tenant_id = (*jan)->tenant_id;
      event.type = "login";
      event.outcome = "failure";
      event.subject = (*jan)->id;
      event.data = R"({"reason":"wrong_password"})";
      event.personal = std::string(R"({"ip":")") + address + "\"}";
      RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    }
    return store::erase_personal(tx, (*jan)->tenant_id, (*jan)->id, base::now());
  }));
}

void check_nothing_is_shown(const door::Site& site) {
  const auto exported = site.run({"audit", "export"});
  CHECK(exported.status == 0);
  CHECK(door::has(exported.out, "wrong_password"));
  CHECK_FALSE(door::has(exported.out, address));
  CHECK(site.run({"audit", "verify"}).status == 0);
}

}  // namespace

TEST_CASE("an erasure whose server is killed again and again shows nothing meanwhile, goes on and ends") {
  const door::Site site;
  {
    const door::ServerProcess first(site.config, site.log);
    REQUIRE(first.is_ready());
    site.create("jan.nowak");
  }
  make_erasure_due(site);
  int left = count_left(site);
  CHECK(left == many_events);
  check_nothing_is_shown(site);
  int kills = 0;
  while (left > 0) {
    door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
    while (count_left(site) == left) std::this_thread::yield();  // until it has done a step at least
    if (kills == 0) {
      Browser browser(server.port());
      CHECK(browser.get("/login").status == 200);
    }
    server.send(SIGKILL);
    server.wait();
    ++kills;
    const int now_left = count_left(site);
    CHECK(now_left < left);
    left = now_left;
    check_nothing_is_shown(site);
  }
  CHECK(kills >= 1);
  check_nothing_is_shown(site);
}
