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
  std::size_t look = 1000;  // how many accounts one call examines
  base::Time now{};         // locked at this time
};
struct FoundAccounts {
  std::vector<base::Id> ids;
  std::optional<base::Id> next_after;  // `after` of the next step; nullopt = all were examined
};
/// One step of a search: examines the next `look` accounts in order of id and gives those whose login, e-mail address
/// or name matches the pattern. Case is ignored for ASCII only: write `_` for every other letter and compare the
/// accounts that were found again.
base::Result<FoundAccounts> search_accounts(Tx& tx, const AccountFilter& filter);

/// Whether an active account besides `id` may choose a context of a super administrator at `now`.
base::Result<bool> has_other_super_administrator(Tx& tx, const base::Id& id, base::Time now);

}  // namespace store
