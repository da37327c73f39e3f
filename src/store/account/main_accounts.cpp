#include "store/account/main_accounts.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<void> put_main_account(Tx& tx, const base::Id& account_id,
                                    const std::optional<base::Id>& main_account_id) {
  return expect_changed(tx.run("UPDATE account SET main_account_id = $2 WHERE id = $1", {account_id, main_account_id}),
                        "the account");
}

}  // namespace store
