#include "flow/tenant/administer_contexts.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

std::string words_of(const std::vector<rights::Permission>& lacks) {
  std::string words;
  for (const rights::Permission one : lacks) words.append(words.empty() ? "" : " ").append(name_of_lacking(one));
  return words;
}

}  // namespace

base::Result<std::vector<rights::ActingContext>> list_acting_contexts(const House& house, const rights::Actor& actor) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  return house.store.read([](store::Tx& tx) -> base::Result<std::vector<rights::ActingContext>> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    return store::list_contexts_of_tenant(tx, tenant.id);
  });
}

base::Result<bool> set_context_limits(const House& house, const rights::Actor& actor, const ContextLimits& limits,
                                      const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  std::vector<rights::Permission> lacks;
  for (const std::string& name : limits.lacks) {
    ASSIGN_OR_RETURN(const rights::Permission one, rights::parse_lacking(name));
    lacks.push_back(one);
  }
  std::sort(lacks.begin(), lacks.end());
  lacks.erase(std::unique(lacks.begin(), lacks.end()), lacks.end());
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    ASSIGN_OR_RETURN(const auto context, store::find_context_by_key(tx, tenant.id, limits.context));
    if (!context) return base::fail(base::Code::not_found, "there is no context " + std::string(limits.context));
    if (context->lacks == lacks) return false;
    RETURN_IF_ERROR(store::set_lacks(tx, context->id, lacks));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::context_change, actor, tenant.id, facts,
                                                       {{"context", audit::Value::registered(context->key)},
                                                        {"change", "lacks"},
                                                        {"old", audit::Value::registered(words_of(context->lacks))},
                                                        {"new", audit::Value::registered(words_of(lacks))}})));
    return true;
  });
}

}  // namespace flow
