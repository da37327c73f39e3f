#include "flow/account/list_accounts.hpp"

#include "flow/house/demand_permission.hpp"
#include "flow/house/find_managed.hpp"
#include "store/account/accounts.hpp"
#include "store/engine/store.hpp"

namespace flow {

base::Result<std::vector<identity::Account>> list_accounts(const House& house, const rights::Actor& actor,
                                                           const base::Id& after, std::size_t most) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_accounts));
  ASSIGN_OR_RETURN(auto accounts,
                   house.store.read_report([&](store::Tx& tx) { return store::list_accounts(tx, after, most); }));
  std::erase_if(accounts, [&](const auto& one) { return !actor.reaches(one.tenant_id); });
  return accounts;
}

base::Result<identity::Account> find_named_account(const House& house, const rights::Actor& actor,
                                                   std::string_view account, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_accounts));
  return house.store.read([&](store::Tx& tx) { return find_managed(tx, actor, account, now); });
}

}  // namespace flow
