// Features that are switched on for each tenant (S1.10): off, ordered or on. A tenant is as the one above it unless it
// has a state of its own; the first one has every feature at first but own_certificates. What is off is not in the
// menu, and pages, API and connector answer that it is not enabled for this organisation; data stay. There are no
// prices and no contracts.
//
// To see the states takes manage_tenants or read_settings, to order manage_tenants, to switch on or off administer_all;
// a change needs a fresh proof and has its audit event.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// A new one gets its name in features.cpp, its words (feature.…) and its message (message.feature_…).
enum class Feature : std::uint8_t {
  client_systems,
  validation,         // of signatures (S4.21), by people and programs of the organisation
  public_validation,  // the same without a login; that of the first tenant counts
  timestamps,        // of the own authority (S4.24), for programs of the organisation; for all others that of the first
  own_certificates,  // people get certificates for signatures from the own authority by themselves; off at first
};
/// "client_systems": for the database, commands and texts.
std::string_view name_of(Feature feature);
/// Errors: invalid_input.
base::Result<Feature> parse_feature(std::string_view name);

enum class FeatureState : std::uint8_t {
  off,
  ordered,  // the organisation wants it; it is not on yet
  on
};
std::string_view name_of(FeatureState state);
/// Errors: invalid_input.
base::Result<FeatureState> parse_feature_state(std::string_view name);

/// Reason of a refusal, for log, tests and doors.
inline constexpr std::string_view feature_off = "the feature is not enabled for this organisation";

/// Whether the feature is on for the tenant, in the transaction of what it is asked for.
base::Result<bool> has_feature(store::Tx& tx, const base::Id& tenant_id, Feature feature);
/// Errors: denied with the reason feature_off.
base::Result<void> demand_feature(store::Tx& tx, const base::Id& tenant_id, Feature feature);

struct FeatureLook {
  Feature feature = Feature::client_systems;
  FeatureState state = FeatureState::on;  // in force
  bool is_own = false;                    // set at this tenant; otherwise as above
  base::Time since;                       // of the state; the epoch: nothing was ever set
  bool is_new = false;                    // nobody has opened it since it was switched on
};
struct TenantFeatures {
  TenantName tenant;
  std::vector<FeatureLook> features;  // all there are
};
/// `tenant`: as in find_managed_tenant. Errors: denied, not_found.
base::Result<TenantFeatures> list_features(const House& house, const rights::Actor& actor, std::string_view tenant);

struct FeatureWish {
  std::string_view tenant;
  Feature feature = Feature::client_systems;
  FeatureState state = FeatureState::on;
};
/// Switching on tells the main accounts of the tenant, once. False: it was so already, nothing is recorded and nobody
/// is told. Errors: denied, not_found, conflict (it is on already and cannot be ordered).
base::Result<bool> set_feature(const House& house, const rights::Actor& actor, const FeatureWish& wish,
                               const RequestFacts& facts);

/// For the menu of the actor.
struct FeatureMark {
  bool is_on = false;
  bool is_new = false;
};
base::Result<FeatureMark> find_feature_mark(const House& house, const rights::Actor& actor, Feature feature);
/// The actor has opened the feature: it is not new any more.
base::Result<void> note_feature_opened(const House& house, const rights::Actor& actor, Feature feature, base::Time now);

}  // namespace flow
