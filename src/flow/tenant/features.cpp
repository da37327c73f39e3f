#include "flow/tenant/features.hpp"

#include <algorithm>
#include <array>

#include "audit/event.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/end_access.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenant_features.hpp"

namespace flow {
namespace {

constexpr std::array<std::string_view, 5> feature_names{"client_systems", "validation", "public_validation",
                                                        "timestamps", "own_certificates"};
constexpr std::array<std::string_view, 3> state_names{"off", "ordered", "on"};
constexpr std::array<std::string_view, 5> messages{"feature_client_systems", "feature_validation",
                                                   "feature_public_validation", "feature_timestamps",
                                                   "feature_own_certificates"};
constexpr rights::Permissions may_see{rights::Permission::manage_tenants, rights::Permission::read_settings};
constexpr std::int64_t most_told = 20;
constexpr std::int64_t most_heirs = 200;  // tenants below that are switched on with the one above

base::Result<FeatureLook> look_at(store::Tx& tx, const base::Id& tenant_id, Feature feature) {
  FeatureLook look;
  look.feature = feature;
  ASSIGN_OR_RETURN(const auto row, store::find_feature_in_force(tx, tenant_id, name_of(feature)));
  // People may change their own names, so that an organisation has to vouch for them first.
  if (!row && feature == Feature::own_certificates) look.state = FeatureState::off;
  if (!row) return look;
  // What cannot be read is off.
  look.state = parse_feature_state(row->state).value_or(FeatureState::off);
  look.is_own = row->tenant_id == tenant_id;
  look.since = row->since;
  look.is_new = look.state == FeatureState::on && !row->is_seen;
  return look;
}

base::Result<void> tell(const House& house, store::Tx& tx, const base::Id& tenant_id, Feature feature,
                        const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const auto ids, store::list_main_accounts(tx, tenant_id, most_told, facts.now));
  for (const base::Id& id : ids) {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
    if (!account) continue;
    const std::string_view message = messages.at(static_cast<std::size_t>(feature));
    RETURN_IF_ERROR(notify_person(house, tx, *account, {message}, facts.now));
  }
  return {};
}

base::Result<void> demand_change(const House& house, const rights::Actor& actor, FeatureState state, base::Time now) {
  const auto needed =
      state == FeatureState::ordered ? rights::Permission::manage_tenants : rights::Permission::administer_all;
  return demand_proven(house, actor, needed, now);
}

}  // namespace

std::string_view name_of(Feature feature) {
  return feature_names.at(static_cast<std::size_t>(feature));
}

base::Result<Feature> parse_feature(std::string_view name) {
  const auto found = std::find(feature_names.begin(), feature_names.end(), name);
  if (found == feature_names.end()) return base::fail(base::Code::invalid_input, "there is no such feature");
  return static_cast<Feature>(found - feature_names.begin());
}

std::string_view name_of(FeatureState state) {
  return state_names.at(static_cast<std::size_t>(state));
}

base::Result<FeatureState> parse_feature_state(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return base::fail(base::Code::invalid_input, "state: off, ordered or on");
  return static_cast<FeatureState>(found - state_names.begin());
}

base::Result<bool> has_feature(store::Tx& tx, const base::Id& tenant_id, Feature feature) {
  ASSIGN_OR_RETURN(const FeatureLook look, look_at(tx, tenant_id, feature));
  return look.state == FeatureState::on;
}

base::Result<void> demand_feature(store::Tx& tx, const base::Id& tenant_id, Feature feature) {
  ASSIGN_OR_RETURN(const bool has, has_feature(tx, tenant_id, feature));
  return has ? base::Result<void>() : base::fail(base::Code::denied, std::string(feature_off));
}

base::Result<TenantFeatures> list_features(const House& house, const rights::Actor& actor, std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return house.store.read([&](store::Tx& tx) -> base::Result<TenantFeatures> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    TenantFeatures all{name_tenant(actor, found), {}};
    for (std::size_t i = 0; i < feature_names.size(); ++i) {
      ASSIGN_OR_RETURN(const FeatureLook look, look_at(tx, found.id, static_cast<Feature>(i)));
      all.features.push_back(look);
    }
    return all;
  });
}

base::Result<bool> set_feature(const House& house, const rights::Actor& actor, const FeatureWish& wish,
                               const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_change(house, actor, wish.state, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, find_managed_tenant(tx, actor, wish.tenant));
    ASSIGN_OR_RETURN(const FeatureLook before, look_at(tx, tenant.id, wish.feature));
    if (before.state == wish.state) return false;
    if (wish.state == FeatureState::ordered && before.state == FeatureState::on) {
      return base::fail(base::Code::conflict, "the feature is on already");
    }
    store::TenantFeature row{tenant.id, std::string(name_of(wish.feature)), std::string(name_of(wish.state)),
                             facts.now};
    row.changed_by = id_of(actor);
    RETURN_IF_ERROR(store::put_tenant_feature(tx, row));
    if (wish.state == FeatureState::on) {
      RETURN_IF_ERROR(tell(house, tx, tenant.id, wish.feature, facts));
      ASSIGN_OR_RETURN(const auto heirs, store::list_feature_heirs(tx, tenant.id, name_of(wish.feature), most_heirs));
      for (const base::Id& heir : heirs) RETURN_IF_ERROR(tell(house, tx, heir, wish.feature, facts));
    }
    RETURN_IF_ERROR(
        store::append_event(tx, make_event(audit::type::tenant_change, actor, tenant.id, facts,
                                           {{"feature", audit::Value::checked_code(name_of(wish.feature))},
                                            {"feature_before", audit::Value::checked_code(name_of(before.state))},
                                            {"feature_state", audit::Value::checked_code(name_of(wish.state))}})));
    return true;
  });
}

base::Result<FeatureMark> find_feature_mark(const House& house, const rights::Actor& actor, Feature feature) {
  return house.store.read([&](store::Tx& tx) -> base::Result<FeatureMark> {
    ASSIGN_OR_RETURN(const FeatureLook look, look_at(tx, actor.account().tenant_id, feature));
    return FeatureMark{look.state == FeatureState::on, look.is_new};
  });
}

base::Result<void> note_feature_opened(const House& house, const rights::Actor& actor, Feature feature,
                                       base::Time now) {
  ASSIGN_OR_RETURN(const FeatureMark mark, find_feature_mark(house, actor, feature));
  if (!mark.is_new) return {};
  return write_also_acting(house, actor, now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto row, store::find_feature_in_force(tx, actor.account().tenant_id, name_of(feature)));
    if (row) RETURN_IF_ERROR(store::note_feature_seen(tx, row->tenant_id, name_of(feature)));
    return {};
  });
}

}  // namespace flow
