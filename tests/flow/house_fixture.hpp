// A house for the tests of flows: real SQLite in memory, smallest Argon2id parameters, the time passed in.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "crypto/key/master_key.hpp"
#include "flow/account/create_account.hpp"
#include "flow/house/house.hpp"
#include "flow/house/key_ring.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/network_gate.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
struct Settings;
}

namespace testing {

/// The settings of a house that a test may change; the test includes the header of the topic.
struct ChangeableSettings {
  explicit ChangeableSettings(flow::Settings& settings);

  flow::SiteSettings& site;
  flow::AuditSettings& audit;
  flow::SessionSettings& session;
  flow::LockoutSettings& lockout;
  flow::ProofSettings& proof;
  flow::FactorSettings& factor;
  crypto::HashParameters& password_hash;
  flow::BreachedSettings& breached;
  flow::ResetSettings& reset;
  flow::AttemptSettings& attempt;
  flow::TokenSettings& token;
};

class HouseFixture {
 public:
  HouseFixture() : HouseFixture("sqlite::memory:") {}
  explicit HouseFixture(const std::string& url);
  ~HouseFixture();
  HouseFixture(const HouseFixture&) = delete;
  HouseFixture& operator=(const HouseFixture&) = delete;

  [[nodiscard]] flow::RequestFacts facts() const { return {"192.0.2.7", "Test/1.0", "request-1", now}; }
  [[nodiscard]] static rights::Actor operator_actor() { return flow::make_operator("test"); }

  base::Id add_account(const std::string& login, const std::string& password,
                       std::vector<std::string> contexts = {"user"}, const std::string& email = {}) {
    flow::NewAccount wished;
    wished.login = login;
    wished.given_name = "Anna";
    wished.family_name = "Kowalska";
    wished.email = email;
    wished.trusted_addresses = true;
    wished.contexts = std::move(contexts);
    wished.password = base::Secret(password);
    wished.must_change = false;
    auto id = flow::create_account(*house, operator_actor(), wished, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }

  /// Newest first.
  std::vector<audit::Event> events(const std::string& type = {}) {
    store::AuditFilter filter;
    filter.type = type;
    filter.most = 1000;
    return store->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value().events;
  }

  crypto::MasterKey master = crypto::MasterKey::make();
  base::Time now = base::parse_rfc3339("2026-11-21T09:00:00Z").value();
  std::unique_ptr<flow::Settings> kept_settings;
  ChangeableSettings settings;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<flow::KeyRing> keys;
  flow::NetworkGate gate;
  std::unique_ptr<flow::House> house;
};

}  // namespace testing
