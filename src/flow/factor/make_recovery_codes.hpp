// Ten recovery codes for the actor's account, shown once. They take the place of all that were made before.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Needs a fresh proof. Errors: denied, conflict (there is neither an app nor a passkey that they could stand in for,
/// nor a phone number).
base::Result<std::vector<base::Secret>> make_recovery_codes(const House& house, const rights::Actor& actor,
                                                            const RequestFacts& facts);

/// Inside the transaction of another change, without the judgement whether the holder may have them.
base::Result<std::vector<base::Secret>> write_recovery_codes(const House& house, store::Tx& tx,
                                                             const FactorHolder& holder, std::string_view message,
                                                             const RequestFacts& facts);

}  // namespace flow
