#include "flow/tenant/features.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/person_fixture.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/authenticate_system.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/tenant/tenants.hpp"

using flow::Feature;
using flow::FeatureState;

namespace {

struct Site : testing::PersonFixture {
  Site() {
    flow::TenantWish named;
    named.name = "Clinic";
    clinic = flow::create_tenant(*house, operator_actor(), {"clinic", ""}, named, facts()).value();
    named.name = "Ward";
    ward = flow::create_tenant(*house, operator_actor(), {"ward", "clinic"}, named, facts()).value();
    first = store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().id;
  }
  base::Id add_administrator(const std::string& login, const std::string& tenant) {
    flow::NewAccount wished = wish(login);
    wished.email = login + "@clinic.example";
    wished.tenant = tenant;
    wished.contexts = {"administrator"};
    return create(wished);
  }
  base::Result<bool> set(const std::string& tenant, FeatureState state) {
    return flow::set_feature(*house, operator_actor(), {tenant, Feature::client_systems, state}, facts());
  }
  bool has(const base::Id& tenant) {
    return store->read([&](store::Tx& tx) { return flow::has_feature(tx, tenant, Feature::client_systems); }).value();
  }
  flow::FeatureLook look(const std::string& tenant) {
    return flow::list_features(*house, operator_actor(), tenant).value().features.front();
  }
  std::vector<flow::MessageItem> told() {
    std::vector<flow::MessageItem> found;
    for (auto& one : messages()) {
      if (one.message == "feature_client_systems") found.push_back(std::move(one));
    }
    return found;
  }

  base::Id first;
  base::Id clinic;
  base::Id ward;
};

}  // namespace

TEST_CASE("the first organisation has the feature, and those below it as well") {
  Site f;
  CHECK(f.has(f.first));
  CHECK(f.has(f.clinic));
  CHECK(f.has(f.ward));
  CHECK_FALSE(f.look("ward").is_own);
  CHECK_FALSE(f.look("ward").is_new);
}

TEST_CASE("what is off for one organisation is off below it, and on for the others") {
  Site f;
  REQUIRE(f.set("clinic", FeatureState::off).value());
  CHECK(f.has(f.first));
  CHECK_FALSE(f.has(f.clinic));
  CHECK_FALSE(f.has(f.ward));
  const auto demanded =
      f.store->read([&](store::Tx& tx) { return flow::demand_feature(tx, f.ward, Feature::client_systems); });
  REQUIRE_FALSE(demanded);
  CHECK(demanded.error().code == base::Code::denied);
  CHECK(demanded.error().reason == flow::feature_off);
  REQUIRE(f.set("ward", FeatureState::on).value());
  CHECK(f.has(f.ward));
  CHECK_FALSE(f.has(f.clinic));
  CHECK(f.look("ward").is_own);
}

TEST_CASE("switching on tells the main account once, marks it as new until it is opened, and is on record") {
  Site f;
  const base::Id adam = f.add_administrator("adam", "clinic");
  f.add_administrator("ada", "");
  REQUIRE(f.set("clinic", FeatureState::off).value());
  CHECK(f.told().empty());
  REQUIRE(f.set("clinic", FeatureState::on).value());
  REQUIRE(f.told().size() == 1);
  CHECK(f.told().front().to == "adam@clinic.example");
  CHECK_FALSE(f.set("clinic", FeatureState::on).value());
  CHECK(f.told().size() == 1);
  const auto events = f.events("tenant_change");
  REQUIRE(events.size() >= 2);
  CHECK(events.front().data.find(R"("feature":"client_systems")") != std::string::npos);
  CHECK(events.front().data.find(R"("feature_before":"off")") != std::string::npos);
  CHECK(events.front().data.find(R"("feature_state":"on")") != std::string::npos);
  CHECK(f.look("clinic").is_new);
  const rights::Actor by = f.actor(f.log_in("adam"));
  const auto mark = flow::find_feature_mark(*f.house, by, Feature::client_systems);
  CHECK(mark->is_on);
  CHECK(mark->is_new);
  REQUIRE(flow::note_feature_opened(*f.house, by, Feature::client_systems, f.now));
  CHECK_FALSE(flow::find_feature_mark(*f.house, by, Feature::client_systems)->is_new);
  CHECK(f.account(adam).id == adam);
}

TEST_CASE("the holder of the organisation's main account is told, although that account administers nobody") {
  Site f;
  flow::NewAccount wished = f.wish("boss");
  wished.email = "boss@clinic.example";
  wished.tenant = "clinic";
  wished.is_main = true;
  f.create(wished);
  REQUIRE(f.set("clinic", FeatureState::off).value());
  REQUIRE(f.set("clinic", FeatureState::on).value());
  REQUIRE(f.told().size() == 1);
  CHECK(f.told().front().to == "boss@clinic.example");
  f.add_administrator("adam", "clinic");
  REQUIRE(f.set("clinic", FeatureState::off).value());
  REQUIRE(f.set("clinic", FeatureState::on).value());
  CHECK(f.told().size() == 3);
}

TEST_CASE("a ward that is switched on with its clinic is told as well, and one with a state of its own is not") {
  Site f;
  flow::TenantWish named;
  named.name = "Other ward";
  REQUIRE(flow::create_tenant(*f.house, f.operator_actor(), {"other", "clinic"}, named, f.facts()));
  f.add_administrator("adam", "clinic");
  f.add_administrator("ewa", "ward");
  f.add_administrator("olga", "other");
  REQUIRE(f.set("clinic", FeatureState::off).value());
  REQUIRE(f.set("other", FeatureState::ordered).value());
  REQUIRE(f.set("clinic", FeatureState::on).value());
  std::vector<std::string> told;
  for (const flow::MessageItem& one : f.told()) told.push_back(one.to);
  std::sort(told.begin(), told.end());
  CHECK(told == std::vector<std::string>{"adam@clinic.example", "ewa@clinic.example"});
}

TEST_CASE("what is ordered is not on, tells nobody, and only who administers all switches on and off") {
  Site f;
  f.add_administrator("adam", "clinic");
  REQUIRE(f.set("clinic", FeatureState::off).value());
  const rights::Actor by = f.actor(f.log_in("adam"));
  for (const FeatureState state : {FeatureState::on, FeatureState::off, FeatureState::ordered}) {
    CHECK(flow::set_feature(*f.house, by, {"", Feature::client_systems, state}, f.facts()).error().code ==
          base::Code::denied);
  }
  REQUIRE(f.set("clinic", FeatureState::ordered).value());
  CHECK_FALSE(f.has(f.clinic));
  CHECK(f.look("clinic").state == FeatureState::ordered);
  CHECK(f.told().empty());
  REQUIRE(f.set("clinic", FeatureState::on).value());
  CHECK(f.set("clinic", FeatureState::ordered).error().code == base::Code::conflict);
}

TEST_CASE(
    "what is switched off ends at the next request of an open connection; the data stay, and on again they count") {
  Site f;
  const rights::Actor by = Site::operator_actor();
  REQUIRE(flow::add_system(*f.house, by, {"Z1", "", "clinic"}, f.facts()));
  const base::Secret password("Meadow-Violet-Harbour-2026");
  REQUIRE(flow::set_system_password(*f.house, by, "Z1", password, f.facts()));
  const auto call = [&] {
    flow::SystemCall with;
    with.is_tls = true;
    with.user = "Z1";
    with.password = password;
    return std::string(flow::authenticate_system(*f.house, with, f.facts()).value().refusal.view());
  };
  CHECK(call().empty());
  REQUIRE(f.set("clinic", FeatureState::off).value());
  CHECK(call() == "feature_off");
  CHECK(flow::add_system(*f.house, by, {"Z2", "", "clinic"}, f.facts()).error().reason == flow::feature_off);
  CHECK(flow::add_system(*f.house, by, {"Z3", "", ""}, f.facts()));
  CHECK(flow::look_at_system(*f.house, by, "Z1", f.now));
  REQUIRE(f.set("clinic", FeatureState::on).value());
  CHECK(call().empty());
}

TEST_CASE("who administers nothing sees and changes no feature") {
  Site f;
  f.add_person("piotr", "piotr@clinic.example");
  const rights::Actor by = f.actor(f.log_in("piotr"));
  CHECK(flow::list_features(*f.house, by, "").error().code == base::Code::denied);
  CHECK(flow::set_feature(*f.house, by, {"", Feature::client_systems, FeatureState::ordered}, f.facts()).error().code ==
        base::Code::denied);
}

TEST_CASE("names that there are not are refused") {
  CHECK(flow::parse_feature("pony").error().code == base::Code::invalid_input);
  CHECK(flow::parse_feature_state("maybe").error().code == base::Code::invalid_input);
  Site f;
  CHECK(f.set("nowhere", FeatureState::off).error().code == base::Code::not_found);
}
