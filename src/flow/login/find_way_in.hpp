// What a message to a person may say about the next login: no message promises one that is not possible.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "identity/account/account.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// The key of a sentence, message.way_in.…: the first obstacle between the account and a login, or "open".
base::Result<std::string_view> find_way_in(const House& house, store::Tx& tx, const base::Id& account_id,
                                           base::Time now);

}  // namespace flow
