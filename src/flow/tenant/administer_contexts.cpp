#include "flow/tenant/administer_contexts.hpp"

#include <algorithm>
#include <utility>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "base/time.hpp"
#include "flow/house/check_title.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/record.hpp"
#include "flow/house/report_for.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/judge_actor.hpp"
#include "rights/role.hpp"
#include "store/account/account_search.hpp"
#include "store/account/contexts.hpp"
#include "store/account/roles.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::int64_t highest_level = 3;
constexpr std::size_t most_networks = 50;

base::Result<rights::Permissions> find_permissions(store::Tx& tx, const base::Id& tenant_id, const std::string& role) {
  if (const auto built_in = rights::find_built_in(role)) return *built_in;
  ASSIGN_OR_RETURN(const auto own, store::find_role(tx, tenant_id, role));
  if (!own) return base::fail(base::Code::invalid_input, "role: there is none named " + role);
  return own->permissions;
}

base::Result<void> apply_names(const ContextWish& wish, rights::ActingContext& context) {
  if (wish.name) {
    RETURN_IF_ERROR(check_title("name", *wish.name));
    context.name = *wish.name;
  }
  if (wish.name_de && !wish.name_de->empty()) RETURN_IF_ERROR(check_title("name_de", *wish.name_de));
  if (wish.name_pl && !wish.name_pl->empty()) RETURN_IF_ERROR(check_title("name_pl", *wish.name_pl));
  if (wish.name_de) context.name_de = *wish.name_de;
  if (wish.name_pl) context.name_pl = *wish.name_pl;
  return {};
}

base::Result<void> apply_methods(const std::vector<std::string>& methods, rights::ActingContext& context) {
  context.methods.clear();
  for (const std::string& method : methods) {
    const auto ways = rights::ways_of_login();
    if (std::find(ways.begin(), ways.end(), method) == ways.end()) {
      return base::fail(base::Code::invalid_input, "methods: there is none named " + method);
    }
    context.methods.push_back(method);
  }
  return {};
}

base::Result<void> apply_networks(const std::vector<std::string>& networks, rights::ActingContext& context) {
  if (networks.size() > most_networks) return base::fail(base::Code::invalid_input, "networks: at most 50");
  context.networks.clear();
  for (const std::string& typed : networks) {
    const auto network = base::IpNetwork::parse(typed);
    if (!network) return base::fail(base::Code::invalid_input, "networks: " + network.error().reason);
    context.networks.push_back(*network);
  }
  return {};
}

base::Result<void> apply_lacks(const std::vector<std::string>& lacks, rights::ActingContext& context) {
  context.lacks = {};
  for (const std::string& name : lacks) {
    ASSIGN_OR_RETURN(const rights::Permission one, rights::parse_lacking(name));
    context.lacks.add(one);
  }
  return {};
}

base::Result<void> apply(store::Tx& tx, const rights::Actor& actor, const ContextWish& wish,
                         rights::ActingContext& context) {
  RETURN_IF_ERROR(apply_names(wish, context));
  if (wish.role) context.role = *wish.role;
  ASSIGN_OR_RETURN(context.of_role, find_permissions(tx, context.tenant_id, context.role));
  if (wish.methods) RETURN_IF_ERROR(apply_methods(*wish.methods, context));
  if (wish.level) {
    if (*wish.level < 1 || *wish.level > highest_level) return base::fail(base::Code::invalid_input, "level: 1 to 3");
    context.level = *wish.level;
  }
  if (wish.networks) RETURN_IF_ERROR(apply_networks(*wish.networks, context));
  if (wish.lacks) RETURN_IF_ERROR(apply_lacks(*wish.lacks, context));
  return demand_rights(actor, context.of_role);
}

/// What the audit log keeps of a context, in one line for each field that an administrator edits.
std::string to_record(const rights::ActingContext& context) {
  std::vector<std::string> networks;
  for (const base::IpNetwork& one : context.networks) networks.push_back(one.to_string());
  return "role=" + context.role + "; methods=" + base::join(context.methods, " ") +
         "; level=" + std::to_string(context.level) + "; networks=" + base::join(networks, " ") +
         "; lacks=" + rights::to_words(context.lacks);
}

bool is_same(const rights::ActingContext& a, const rights::ActingContext& b) {
  return a.name == b.name && a.name_de == b.name_de && a.name_pl == b.name_pl && to_record(a) == to_record(b);
}

struct Found {
  store::Tenant tenant;
  rights::ActingContext context;
};

base::Result<Found> find_reached_context(store::Tx& tx, const rights::Actor& actor, const ContextOfTenant& which) {
  Found found;
  std::optional<rights::ActingContext> context;
  if (const auto id = base::Id::parse(which.context)) {
    ASSIGN_OR_RETURN(context, store::find_context(tx, *id));
    if (context) {
      ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, context->tenant_id.to_string()));
    }
  } else {
    ASSIGN_OR_RETURN(found.tenant, find_managed_tenant(tx, actor, which.tenant));
    ASSIGN_OR_RETURN(context, store::find_context_by_key(tx, found.tenant.id, which.context));
  }
  if (!context) return base::fail(base::Code::not_found, "there is no context " + std::string(which.context));
  found.context = *std::move(context);
  return found;
}

// A context that allows more than the actor's is not the actor's to change.
base::Result<Found> find_changeable_context(store::Tx& tx, const rights::Actor& actor, const ContextOfTenant& which) {
  ASSIGN_OR_RETURN(Found found, find_reached_context(tx, actor, which));
  RETURN_IF_ERROR(demand_rights(actor, found.context.of_role));
  return found;
}

base::Result<ContextDetails> describe(store::Tx& tx, const rights::Actor& actor, Found found, base::Time now) {
  ContextDetails details;
  details.may_change =
      actor.may(rights::Permission::manage_contexts) && demand_rights(actor, found.context.of_role).has_value();
  ASSIGN_OR_RETURN(details.holders, store::count_holders(tx, found.context.id, now, counted_exactly + 1));
  details.tenant = name_tenant(actor, found.tenant);
  details.context = std::move(found.context);
  return details;
}

/// Whether each of the wanted is among those that there are; none wanted means all, none there means every one.
template <class L>
bool is_cut(const L& before, const L& after) {
  if (after.empty()) return false;
  return before.empty() || !std::all_of(before.begin(), before.end(), [&](const auto& one) {
           return std::find(after.begin(), after.end(), one) != after.end();
         });
}

bool is_narrower(const rights::ActingContext& before, const rights::ActingContext& after) {
  return after.level > before.level || is_cut(before.methods, after.methods) || is_cut(before.networks, after.networks);
}

constexpr rights::Permissions may_see{rights::Permission::manage_contexts, rights::Permission::read_settings};

// Whoever makes the own context unusable could not undo it.
base::Result<void> demand_way_back(const rights::Actor& actor, const rights::ActingContext& after) {
  if (actor.is_operator() || actor.context().id != after.id) return {};
  const rights::Session& session = actor.session();
  if (rights::is_offered(after, {session.proofs, session.ip, actor.ip()}) &&
      rights::granted(after).has(rights::Permission::manage_contexts)) {
    return {};
  }
  return base::fail(base::Code::conflict, "the change would lock out the session that makes it");
}

base::Result<void> demand_super_administrator(store::Tx& tx, const rights::ActingContext& before, base::Time now) {
  if (before.role != rights::role::super_administrator) return {};
  ASSIGN_OR_RETURN(const bool is_one_left, store::has_other_super_administrator(tx, base::Id(), now));
  if (is_one_left) return {};
  return base::fail(base::Code::conflict, "the last super administrator stays");
}

struct RecordedChange {
  audit::Code what;
  std::string before{};
  std::string after{};
};

/// `before` and `after`: what was recorded of the context; "" = it was or is not there.
base::Result<void> record(store::Tx& tx, const rights::Actor& actor, const Found& found, const RecordedChange& change,
                          const RequestFacts& facts) {
  return store::append_event(tx, make_event(audit::type::context_change, actor, found.tenant.id, facts,
                                            {{"context", audit::Value::registered(found.context.key)},
                                             {"change", change.what},
                                             {"old", audit::Value::registered(change.before)},
                                             {"new", audit::Value::registered(change.after)}}));
}

}  // namespace

base::Result<std::vector<rights::ActingContext>> list_acting_contexts(const House& house, const rights::Actor& actor,
                                                                      std::string_view tenant) {
  RETURN_IF_ERROR(demand_one_of(actor, {rights::Permission::manage_contexts, rights::Permission::manage_accounts,
                                        rights::Permission::read_settings}));
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<rights::ActingContext>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    return store::list_contexts_of_tenant(tx, found.id);
  });
}

base::Result<std::vector<ContextDetails>> list_context_details(const House& house, const rights::Actor& actor,
                                                               std::string_view tenant, base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<std::vector<ContextDetails>> {
    ASSIGN_OR_RETURN(const store::Tenant found, find_managed_tenant(tx, actor, tenant));
    ASSIGN_OR_RETURN(auto contexts, store::list_contexts_of_tenant(tx, found.id));
    std::vector<ContextDetails> all;
    for (rights::ActingContext& context : contexts) {
      ASSIGN_OR_RETURN(ContextDetails one, describe(tx, actor, {found, std::move(context)}, now));
      all.push_back(std::move(one));
    }
    return all;
  });
}

base::Result<ContextDetails> find_context_details(const House& house, const rights::Actor& actor,
                                                  const ContextOfTenant& which, base::Time now) {
  RETURN_IF_ERROR(demand_one_of(actor, may_see));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<ContextDetails> {
    ASSIGN_OR_RETURN(Found found, find_reached_context(tx, actor, which));
    return describe(tx, actor, std::move(found), now);
  });
}

std::vector<std::string> find_context_flaws(const ContextWish& wish) {
  std::vector<std::string> flaws;
  rights::ActingContext scratch;
  const auto judge = [&](const char* field, const base::Result<void>& judged) {
    if (!judged) flaws.emplace_back(field);
  };
  if (wish.name) judge("name", check_title("name", *wish.name));
  if (wish.name_de && !wish.name_de->empty()) judge("name_de", check_title("name_de", *wish.name_de));
  if (wish.name_pl && !wish.name_pl->empty()) judge("name_pl", check_title("name_pl", *wish.name_pl));
  if (wish.networks) judge("networks", apply_networks(*wish.networks, scratch));
  return flaws;
}

base::Result<base::Id> create_acting_context(const House& house, const rights::Actor& actor,
                                             const ContextOfTenant& which, const ContextWish& wish,
                                             const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_contexts, facts.now));
  RETURN_IF_ERROR(rights::check_key("key", which.context));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<base::Id> {
    Found made;
    ASSIGN_OR_RETURN(made.tenant, find_managed_tenant(tx, actor, which.tenant));
    made.context.id = base::Id::make(facts.now);
    made.context.tenant_id = made.tenant.id;
    made.context.key = made.context.name = which.context;
    made.context.role = rights::role::user;
    RETURN_IF_ERROR(apply(tx, actor, wish, made.context));
    RETURN_IF_ERROR(store::insert_context(tx, made.context));
    RETURN_IF_ERROR(record(tx, actor, made, {.what = "added", .after = to_record(made.context)}, facts));
    return made.context.id;
  });
}

base::Result<bool> change_acting_context(const House& house, const rights::Actor& actor, const ContextOfTenant& which,
                                         const ContextWish& wish, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_contexts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const Found before, find_changeable_context(tx, actor, which));
    const auto too_late = [] { return base::fail(base::Code::conflict, "the context was changed meanwhile"); };
    if (wish.version && *wish.version != before.context.version) return too_late();
    rights::ActingContext after = before.context;
    RETURN_IF_ERROR(apply(tx, actor, wish, after));
    if (is_same(before.context, after)) return false;
    RETURN_IF_ERROR(demand_way_back(actor, after));
    ASSIGN_OR_RETURN(const bool is_written, store::update_context(tx, after));
    if (!is_written) return too_late();
    RETURN_IF_ERROR(demand_super_administrator(tx, before.context, facts.now));
    RETURN_IF_ERROR(record(tx, actor, before, {"changed", to_record(before.context), to_record(after)}, facts));
    return true;
  });
}

base::Result<ContextEffect> preview_context_change(const House& house, const rights::Actor& actor,
                                                   const ContextOfTenant& which, const ContextWish& wish,
                                                   base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_contexts));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<ContextEffect> {
    ASSIGN_OR_RETURN(const Found before, find_changeable_context(tx, actor, which));
    if (wish.version && *wish.version != before.context.version) {
      return base::fail(base::Code::conflict, "the context was changed meanwhile");
    }
    rights::ActingContext after = before.context;
    RETURN_IF_ERROR(apply(tx, actor, wish, after));
    ContextEffect effect;
    effect.gained = rights::granted(after).without(rights::granted(before.context));
    effect.lost = rights::granted(before.context).without(rights::granted(after));
    effect.is_narrower = is_narrower(before.context, after);
    effect.opens_for_nobody = after.level > rights::Proofs(rights::ProofMethod::password).level();
    effect.locks_out_actor = !demand_way_back(actor, after).has_value();
    ASSIGN_OR_RETURN(effect.holders, store::count_holders(tx, after.id, now, counted_exactly + 1));
    if (effect.is_narrower) {
      ASSIGN_OR_RETURN(effect.only_way, store::count_holders_of_nothing_else(tx, after.id, now, counted_exactly));
    }
    return effect;
  });
}

base::Result<void> delete_acting_context(const House& house, const rights::Actor& actor, const ContextOfTenant& which,
                                         const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::manage_contexts, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const Found found, find_changeable_context(tx, actor, which));
    ASSIGN_OR_RETURN(const std::int64_t holders, store::count_holders(tx, found.context.id, facts.now, 1));
    if (holders > 0) return base::fail(base::Code::conflict, "accounts have the context");
    RETURN_IF_ERROR(store::delete_context(tx, found.context.id));
    return record(tx, actor, found, {.what = "removed", .before = to_record(found.context)}, facts);
  });
}

}  // namespace flow
