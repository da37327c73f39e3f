// A house for the tests of flows: real SQLite in memory, smallest Argon2id parameters, the time passed in.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "flow/account/administer.hpp"
#include "flow/house/house.hpp"
#include "flow/house/key_ring.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace testing {

class HouseFixture {
 public:
  HouseFixture() : HouseFixture("sqlite::memory:") {}
  explicit HouseFixture(const std::string& url) {
    store::Options options;
    options.url = url;
    auto opened = store::Store::open(options, master);
    REQUIRE_MESSAGE(opened, base::describe(opened.error()));
    store = std::move(*opened);
    keys = std::make_unique<flow::KeyRing>(*store);
    settings.issuer = "http://localhost:8080";
    settings.demo = true;
    settings.password_hash = {8, 1};
    house = std::make_unique<flow::House>(flow::House{*store, store->master(), *keys, settings});
    REQUIRE(flow::prepare_installation(*house, now));
    REQUIRE(keys->load(now));
  }

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
    return store->read([&](store::Tx& tx) { return store::find_events(tx, filter); }).value();
  }

  crypto::MasterKey master = crypto::MasterKey::make();
  base::Time now = base::parse_rfc3339("2026-11-21T09:00:00Z").value();
  flow::Settings settings;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<flow::KeyRing> keys;
  std::unique_ptr<flow::House> house;
};

}  // namespace testing
