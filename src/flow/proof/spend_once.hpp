// What was sealed for a browser and counts once needs no row until it is used (security rule 3): a challenge of a
// passkey, a presented certificate.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct SealedOnce {
  std::string_view purpose;
  base::BytesView secret;  // that tells it from all others
  base::Duration lasts;    // after so long nothing opens it any more
};
/// Inside the transaction of the effect: true exactly once, on all nodes together.
base::Result<bool> spend_once(store::Tx& tx, const identity::Account& account, const SealedOnce& what, base::Time now);

}  // namespace flow
