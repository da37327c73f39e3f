#include "flow/house/find_managed.hpp"

#include <optional>

#include "store/account/accounts.hpp"

namespace flow {

base::Result<identity::Account> find_managed(store::Tx& tx, const rights::Actor& actor, std::string_view named,
                                             base::Time now) {
  std::optional<identity::Account> account;
  if (const auto id = base::Id::parse(named)) {
    ASSIGN_OR_RETURN(account, store::find_account(tx, *id));
  } else {
    ASSIGN_OR_RETURN(account, store::find_account_by_login(tx, named, now));
  }
  if (!account || !actor.reaches(account->tenant_id))
    return base::fail(base::Code::not_found, "no account " + std::string(named));
  return *std::move(account);
}

}  // namespace flow
