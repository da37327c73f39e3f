// Questions of administrators about many accounts at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

enum class AccountState : std::uint8_t {
  present,
  active,
  locked,
  suspended,
  deleted
};  // present = not deleted

struct AccountFilter {
  std::optional<base::Id> tenant_id{};  // nullopt = every one
  std::string pattern{};                // of LIKE with escape '\', in lower case; "" = every one
  AccountState state = AccountState::present;
  base::Id after{};         // in order of id
  std::size_t look = 1000;  // accounts that one look passes
  base::Time now{};         // locked at this time
};
struct FoundAccounts {
  std::vector<base::Id> ids;
  std::optional<base::Id> next_after;  // the search goes on after it; nullopt = it has seen all
};
/// One look of a search: of the next accounts in order of id, those of which an identifier or the name fits the
/// pattern. Letters beyond ASCII are compared as they are: write `_` for each and judge the result again.
base::Result<FoundAccounts> search_accounts(Tx& tx, const AccountFilter& filter);

/// Whether an active account besides `id` may choose a context of a super administrator at `now`.
base::Result<bool> has_other_super_administrator(Tx& tx, const base::Id& id, base::Time now);

}  // namespace store
