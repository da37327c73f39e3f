#include "flow/tenant/prepare_contexts.hpp"

#include "rights/context.hpp"
#include "store/account/contexts.hpp"

namespace flow {

base::Result<void> prepare_contexts(store::Tx& tx, const base::Id& tenant_id, std::span<const FirstContext> wanted,
                                    base::Time now) {
  base::Time at = now;
  for (const FirstContext& one : wanted) {
    at += std::chrono::milliseconds(1);  // lists are in the order of the ids
    ASSIGN_OR_RETURN(const auto there, store::find_context_by_key(tx, tenant_id, one.key));
    if (there) continue;
    rights::ActingContext context;
    context.id = base::Id::make(at);
    context.tenant_id = tenant_id;
    context.key = one.key;
    context.name = one.name;
    context.role = one.role;
    RETURN_IF_ERROR(store::insert_context(tx, context));
  }
  return {};
}

}  // namespace flow
