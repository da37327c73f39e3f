// What the tests of the pages of settings share: the super administrator Ada of the demonstration at her desk, other
// organisations with their administrators, and a proof that is no longer fresh.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "browser/csrf.hpp"
#include "door/app_fixture.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/session/sessions.hpp"

namespace door {

struct SettingsDesk {
  static constexpr const char* adas_password = "Lantern-Harbour-2026";

  SettingsDesk() { App::log_in(ada, "admin", adas_password); }

  [[nodiscard]] static flow::RequestFacts facts() {
    flow::RequestFacts facts;
    facts.now = base::now();
    return facts;
  }
  void make_tenant(const std::string& key, const std::string& parent = "") const {
    REQUIRE(flow::create_tenant(app.house(), by, {key, parent}, {}, facts()));
  }
  /// An administrator of the tenant logs in: in its context "administrator", or in another one.
  void log_in_of_tenant(Browser& browser, const std::string& tenant,
                        const std::string& context = "administrator") const {
    flow::NewAccount wish;
    wish.tenant = tenant;
    wish.login = "chief." + tenant;
    wish.given_name = "Chief";
    wish.family_name = "Of " + tenant;
    wish.email = wish.login + "@clinic.example";
    wish.password = base::Secret("Heather-Bridge-2026");
    wish.contexts = {context};
    wish.must_change = false;
    app.add_account(wish);
    App::log_in(browser, wish.login, "Heather-Bridge-2026");
  }
  /// Posts with the token of the person's own session, as a page would send it that was open when the right was taken.
  Reply force(Browser& browser, const std::string& login, const std::string& path,
              std::vector<std::pair<std::string, std::string>> fields = {}) const {
    const auto sessions = flow::list_sessions_for(app.house(), by, login, base::now()).value();
    REQUIRE_FALSE(sessions.empty());
    fields.emplace_back("csrf", browser::make_csrf(app.house(), sessions.front().id.to_string(), path));
    return browser.post(path, fields);
  }
  /// Ada's proof is older than every action allows.
  void outdate_proof() const {
    const auto sessions = flow::list_sessions_for(app.house(), by, "admin", base::now()).value();
    REQUIRE(app.house().store.write([&](store::Tx& tx) -> base::Result<void> {
      for (const rights::Session& session : sessions) {
        RETURN_IF_ERROR(store::set_proven(tx, session.id, base::now() + std::chrono::hours(1)));
      }
      return {};
    }));
  }

  App app;
  rights::Actor by = flow::make_operator("test");
  Browser ada{app.port()};
};

}  // namespace door
