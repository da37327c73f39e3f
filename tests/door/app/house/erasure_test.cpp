#include <doctest/doctest.h>

#include <chrono>
#include <thread>

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
