#include "flow/system/connector_settings.hpp"

#include "audit/event.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/tenant/features.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"
#include "store/system/client_systems.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::size_t most_named = 20;

base::Result<void> demand_installation(store::Tx& tx, const rights::Actor& actor) {
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  if (actor.is_operator() || actor.reaches(first.id)) return {};
  return base::fail(base::Code::denied, "the settings are of the whole installation");
}

/// Whether a proof lets the client system in at all: it is not suspended or deleted, nor its organisation without them.
base::Result<bool> may_connect(store::Tx& tx, const store::ClientSystem& system) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, system.account_id));
  if (!account || !identity::may_log_in(*account)) return false;
  return has_feature(tx, system.tenant_id, Feature::client_systems);
}

/// Whether the client system can prove itself under the demands.
base::Result<bool> can_prove(store::Tx& tx, const store::ClientSystem& system, const ConnectorDemands& demands,
                             base::Time now) {
  if (!demands.is_mandatory) return true;
  if (demands.mode == "password") {
    ASSIGN_OR_RETURN(const auto password, store::find_password(tx, system.account_id));
    return password.has_value();
  }
  ASSIGN_OR_RETURN(const auto certificates, store::list_system_certificates(tx, system.id, most_certificates));
  return std::any_of(certificates.begin(), certificates.end(), [&](const auto& one) { return one.is_good(now); });
}

base::Result<LockedOut> find_locked_out(store::Tx& tx, const ConnectorDemands& from, const ConnectorDemands& to,
                                        base::Time now) {
  LockedOut out;
  if (!to.is_mandatory || (from.is_mandatory && from.mode == to.mode)) return out;
  bool is_anybody_left = false;
  ASSIGN_OR_RETURN(const auto tenants, store::list_tenants(tx));
  for (const store::Tenant& tenant : tenants) {
    ASSIGN_OR_RETURN(const auto systems, store::list_client_systems(tx, tenant.id, most_systems));
    for (const store::ClientSystem& system : systems) {
      ASSIGN_OR_RETURN(const bool is_let_in, may_connect(tx, system));
      if (!is_let_in) continue;  // the change takes nothing from it
      ASSIGN_OR_RETURN(const bool stays, can_prove(tx, system, to, now));
      if (stays) is_anybody_left = true;
      if (stays) continue;
      ++out.count;
      if (out.systems.size() < most_named) out.systems.push_back(system.id);
    }
  }
  out.is_everybody = !is_anybody_left;
  return out;
}

/// `applied` is locked_out, opens, or nothing: no question.
base::Result<ApplyDone> find_question(store::Tx& tx, const ConnectorDemands& from, const ConnectorDemands& to,
                                      base::Time now) {
  ApplyDone asked;
  asked.opens = from.tls_only && !to.tls_only;
  ASSIGN_OR_RETURN(asked.locked_out, find_locked_out(tx, from, to, now));
  if (asked.opens) asked.applied = Applied::opens;
  if (!asked.locked_out.empty()) asked.applied = Applied::locked_out;
  return asked;
}

/// What the settings were, and what they are from now on.
struct Change {
  audit::Code step;
  const ConnectorDemands& before;
  const ConnectorDemands& after;
};

base::Result<void> record_change(store::Tx& tx, const rights::Actor& actor, const Change& change,
                                 const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  return store::append_event(tx, make_event(audit::type::connector_change, actor, first.id, facts,
                                            {{"change", change.step},
                                             {"old", audit::Value::registered(print(change.before))},
                                             {"new", audit::Value::registered(print(change.after))}}));
}

}  // namespace

std::string print(const ConnectorDemands& demands) {
  const auto word = [](bool is_on) { return is_on ? "on" : "off"; };
  return std::string("tls_only=") + word(demands.tls_only) + ", mandatory=" + word(demands.is_mandatory) +
         ", mode=" + demands.mode + ", plain_directory=" + word(demands.plain_directory);
}

base::Result<ConnectorLook> look_at_connector(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_systems));
  return house.store.read([&](store::Tx& tx) -> base::Result<ConnectorLook> {
    RETURN_IF_ERROR(demand_installation(tx, actor));
    ASSIGN_OR_RETURN(const store::ConnectorSettings stored, store::find_connector_settings(tx));
    ConnectorLook look;
    look.in_force = stored.in_force(now);
    look.version = stored.version;
    look.changed_at = stored.changed_at;
    if (stored.is_provisional(now)) {
      look.back_at = stored.back_at;
      look.before = stored.before;
    }
    if (!stored.changed_by) return look;
    ASSIGN_OR_RETURN(const auto by, store::find_account(tx, *stored.changed_by));
    if (by) look.changed_by = by->display_name();
    return look;
  });
}

base::Result<ApplyDone> find_connector_question(const House& house, const rights::Actor& actor,
                                                const ConnectorDemands& demands, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_systems));
  return house.store.read([&](store::Tx& tx) -> base::Result<ApplyDone> {
    RETURN_IF_ERROR(demand_installation(tx, actor));
    ASSIGN_OR_RETURN(const store::ConnectorSettings stored, store::find_connector_settings(tx));
    return find_question(tx, stored.in_force(now), demands, now);
  });
}

base::Result<ApplyDone> apply_connector_settings(const House& house, const rights::Actor& actor,
                                                 const ConnectorWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_systems, facts.now));
  if (wish.demands.mode != "certificate" && wish.demands.mode != "password") {
    return base::fail(base::Code::invalid_input, "mode");
  }
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<ApplyDone> {
    RETURN_IF_ERROR(demand_installation(tx, actor));
    ASSIGN_OR_RETURN(const store::ConnectorSettings old, store::find_connector_settings(tx));
    if (wish.version && *wish.version != old.version) {
      return base::fail(base::Code::conflict, "another change came first");
    }
    const ConnectorDemands& in_force = old.in_force(facts.now);
    ApplyDone done;
    if (in_force == wish.demands) return done;
    ASSIGN_OR_RETURN(done, find_question(tx, in_force, wish.demands, facts.now));
    if (done.applied != Applied::nothing && !wish.is_sure) return done;
    store::ConnectorSettings next;
    next.demands = wish.demands;
    next.changed_at = facts.now;
    next.changed_by = id_of(actor);
    done.applied = done.locked_out.empty() ? Applied::in_force : Applied::provisional;
    if (done.applied == Applied::provisional) next.back_at = facts.now + confirmation_lasts;
    // What somebody has confirmed last: two provisional changes in a row lead back to before the first.
    next.before = old.is_provisional(facts.now) ? old.before : in_force;
    RETURN_IF_ERROR(store::put_connector_settings(tx, next));
    const bool waits = done.applied == Applied::provisional;
    RETURN_IF_ERROR(record_change(
        tx, actor, {waits ? audit::Code("provisional") : audit::Code("applied"), in_force, wish.demands}, facts));
    return done;
  });
}

base::Result<void> confirm_connector_settings(const House& house, const rights::Actor& actor,
                                              const std::optional<std::int64_t>& version, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_systems));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(demand_installation(tx, actor));
    ASSIGN_OR_RETURN(store::ConnectorSettings stored, store::find_connector_settings(tx));
    if (version && *version != stored.version) return base::fail(base::Code::conflict, "another change came first");
    if (!stored.is_provisional(facts.now)) return base::fail(base::Code::expired, "nothing waits for a confirmation");
    const ConnectorDemands before = stored.before;
    stored.back_at.reset();
    RETURN_IF_ERROR(store::put_connector_settings(tx, stored));
    return record_change(tx, actor, {"confirmed", before, stored.demands}, facts);
  });
}

base::Result<void> undo_connector_settings(const House& house, const rights::Actor& actor,
                                           const std::optional<std::int64_t>& version, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_systems));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(demand_installation(tx, actor));
    ASSIGN_OR_RETURN(store::ConnectorSettings stored, store::find_connector_settings(tx));
    if (version && *version != stored.version) return base::fail(base::Code::conflict, "another change came first");
    if (!stored.is_provisional(facts.now)) return base::fail(base::Code::expired, "nothing can be undone any more");
    const ConnectorDemands undone = stored.demands;
    stored.demands = stored.before;
    stored.changed_at = facts.now;
    stored.changed_by = id_of(actor);
    stored.back_at.reset();
    RETURN_IF_ERROR(store::put_connector_settings(tx, stored));
    return record_change(tx, actor, {"undone", undone, stored.demands}, facts);
  });
}

base::Result<bool> take_back_connector_settings(const House& house, base::Time now) {
  const auto is_over = [now](const store::ConnectorSettings& one) { return one.back_at && *one.back_at <= now; };
  ASSIGN_OR_RETURN(const bool waits, house.store.read_background([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const store::ConnectorSettings stored, store::find_connector_settings(tx));
    return is_over(stored);
  }));
  if (!waits) return false;
  return house.store.write([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(store::ConnectorSettings stored, store::find_connector_settings(tx));
    if (!is_over(stored)) return false;  // another node was first
    const ConnectorDemands taken = stored.demands;
    stored.demands = stored.before;
    stored.changed_at = stored.back_at;
    stored.changed_by.reset();
    stored.back_at.reset();
    RETURN_IF_ERROR(store::put_connector_settings(tx, stored));
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    RequestFacts facts;
    facts.now = now;
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::connector_change, first.id, facts,
                                                       {{"change", "taken_back"},
                                                        {"old", audit::Value::registered(print(taken))},
                                                        {"new", audit::Value::registered(print(stored.demands))}})));
    return true;
  });
}

}  // namespace flow
