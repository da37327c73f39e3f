#include "flow/account/find_changeable.hpp"

#include "flow/house/find_managed.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/compare_rights.hpp"

namespace flow {

base::Result<void> demand_account_manager(const House& house, const rights::Actor& actor, base::Time now) {
  return demand_proven(house, actor, rights::Permission::manage_accounts, now);
}

base::Result<void> demand_account_supporter(const House& house, const rights::Actor& actor, base::Time now) {
  return demand_proven(house, actor, rights::Permission::support_accounts, now);
}

base::Result<identity::Account> find_changeable(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                                base::Time now) {
  ASSIGN_OR_RETURN(identity::Account account, find_managed(tx, actor, named, now));
  if (!actor.is_operator() && account.id == actor.account().id) {
    return base::fail(base::Code::denied, "nobody administers himself");
  }
  ASSIGN_OR_RETURN(const bool above, is_above(tx, actor, account.id, now));
  if (above) return base::fail(base::Code::denied, "the account has more rights than the actor");
  return account;
}

std::optional<base::Id> id_of(const rights::Actor& actor) {
  return actor.is_operator() ? std::nullopt : std::optional(actor.account().id);
}

}  // namespace flow
