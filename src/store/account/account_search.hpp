// What administrators ask of many accounts at once.
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
  base::Id after{};  // in order of id
  std::size_t most = 50;
  base::Time now{};  // locked at this time
};
/// Ids of accounts of which an identifier or the name fits the pattern. Letters beyond ASCII are compared as they are:
/// write `_` for each and judge the result again.
base::Result<std::vector<base::Id>> search_accounts(Tx& tx, const AccountFilter& filter);

/// Active accounts besides `id` that may choose a context of a super administrator at `now`.
base::Result<std::int64_t> count_other_super_administrators(Tx& tx, const base::Id& id, base::Time now);

}  // namespace store
