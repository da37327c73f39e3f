#include "flow/audit/erase_due.hpp"

#include "flow/house/audit_settings.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::size_t most_in_step = 200;

base::Duration find_age(const AuditSettings& settings, audit::Part part) {
  switch (part) {
    case audit::Part::typed: return settings.keep_typed;
    case audit::Part::addresses: return settings.keep_addresses;
    case audit::Part::reported: break;
  }
  return settings.keep_reported;
}

}  // namespace

base::Result<bool> erase_due_step(const House& house) {
  // A read comes first, because an idle server must not write every few seconds.
  ASSIGN_OR_RETURN(const bool is_due,
                   house.store.read_background([](store::Tx& tx) { return store::is_erasure_due(tx); }));
  if (!is_due) return false;
  ASSIGN_OR_RETURN(const auto step,
                   house.store.write([](store::Tx& tx) { return store::erase_some_personal(tx, most_in_step); }));
  return step.has_value();
}

base::Result<bool> erase_old_step(const House& house, base::Time now) {
  for (const audit::Part part : audit::all_parts) {
    const base::Duration kept = find_age(house.settings.audit, part);
    if (kept.count() == 0) continue;
    const base::Time before = std::chrono::floor<std::chrono::days>(now - kept);
    ASSIGN_OR_RETURN(const bool is_due,
                     house.store.read([&](store::Tx& tx) { return store::is_too_old(tx, part, before); }));
    if (!is_due) continue;
    return house.store.write([&](store::Tx& tx) -> base::Result<bool> {
      ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
      return store::erase_some_old(tx, {part, before, tenant.id, now}, most_in_step);
    });
  }
  return false;
}

}  // namespace flow
