// The overview of the account: what it asks the person to do something about, and when it is silent.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"
#include "flow/account/create_account.hpp"
#include "store/engine/store.hpp"
#include "store/password/policies.hpp"
#include "store/tenant/tenants.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;

constexpr const char* attention = "Needs your attention";
constexpr const char* unverified = "is not confirmed yet";
constexpr const char* one_channel = "You can be reached in one way only.";
const std::string password = "Garden-Cobalt-2026";

struct Addresses {
  std::string email;
  std::string phone;
  bool confirmed = false;
};

/// The overview of a new person with these addresses.
std::string overview_with(const App& app, const Addresses& addresses) {
  flow::NewAccount ewa;
  ewa.login = "ewa.zielinska";
  ewa.given_name = "Ewa";
  ewa.family_name = "Zielińska";
  ewa.email = addresses.email;
  ewa.phone = addresses.phone;
  ewa.trusted_addresses = addresses.confirmed;
  ewa.password = base::Secret(password);
  ewa.must_change = false;
  app.add_account(ewa);
  Browser browser(app.port());
  App::log_in(browser, ewa.login, password);
  return browser.get("/account").body;
}

void let_passwords_expire(const App& app, base::Duration age) {
  REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    ASSIGN_OR_RETURN(const auto policies, store::list_policies(tx, tenant.id));
    for (const store::StoredPolicy& one : policies) {
      identity::PasswordPolicy policy = one.policy;
      policy.max_age = age;
      RETURN_IF_ERROR(store::update_policy(tx, one.id, policy, base::now()));
    }
    return {};
  }));
}

std::string overview_of_jan(const App& app) {
  Browser jan(app.port());
  door::log_in_jan(jan);
  return jan.get("/account").body;
}

}  // namespace

TEST_CASE("who has an address that is not confirmed is told so, with the page where it is confirmed") {
  const App app;
  const std::string page = overview_with(app, {"ewa@clinic.example", "+48600100200", false});
  CHECK(has(page, unverified));
  CHECK(has(page.substr(page.find(unverified)), "<a href=\"/account/data\">"));
  CHECK_FALSE(has(page, one_channel));
}

TEST_CASE("who can be reached in one way only is told to name a second one") {
  const App app;
  const std::string page = overview_with(app, {"ewa@clinic.example", "", true});
  CHECK(has(page, one_channel));
  CHECK_FALSE(has(page, unverified));
}

TEST_CASE("who has confirmed both addresses, and whose password does not end, is asked for nothing") {
  const App app;
  CHECK_FALSE(has(overview_with(app, {"ewa@clinic.example", "+48600100200", true}), attention));
}

TEST_CASE("fourteen days before a password ends the overview says so, and not earlier") {
  const App app;
  let_passwords_expire(app, std::chrono::hours(24) * 15);
  CHECK_FALSE(has(overview_of_jan(app), "Your password expires in"));
  let_passwords_expire(app, std::chrono::hours(24) * 14);
  const std::string page = overview_of_jan(app);
  const std::size_t said = page.find("Your password expires in 14 days.");
  REQUIRE(said != std::string::npos);
  CHECK(has(page.substr(said, 200), "<a href=\"/account/security\">"));
}

TEST_CASE("who has an open session and an expired password is led to the reset, which alone revives it") {
  const App app;
  Browser jan(app.port());
  door::log_in_jan(jan);
  let_passwords_expire(app, std::chrono::seconds(1));
  std::string page;
  while (!has(page, "Your password has expired.")) page = jan.get("/account").body;
  CHECK(has(page.substr(page.find("Your password has expired.")), "<a href=\"/reset\">"));
  CHECK(has(jan.get("/account/security").body, "<a href=\"/reset\">"));
}
