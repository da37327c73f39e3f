// Whether a login owes a second factor (S3.4, S3.5), judged in the transaction in which something is opened or issued:
// never remembered, so that a rule that is switched on meets the next code of an open session too (security rule 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/factor_policy.hpp"
#include "rights/session.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Reason of a refusal, for log and tests: doors lead to the second step of the login.
inline constexpr std::string_view factor_needed = "factor_needed";

/// What the policies of the account, and its own switch, demand. Errors: internal (a policy that cannot be read:
/// nothing is opened then), unavailable.
base::Result<rights::FactorDemand> find_demand(store::Tx& tx, const base::Id& account_id);

/// Whether the session owes nothing more. `request_ip`: of the person's browser; of a request that a server makes, the
/// session's own.
base::Result<bool> meets_demand(store::Tx& tx, const rights::FactorDemand& demand, const rights::Session& session,
                                std::string_view request_ip, base::Time now);
/// Days that are left to an account which may log in without a factor, counted up; nullopt: the session does not live
/// on this (nothing is demanded, it is met otherwise, or the days are over).
base::Result<std::optional<std::int64_t>> find_grace_left(store::Tx& tx, const rights::FactorDemand& demand,
                                                          const rights::Session& session, std::string_view request_ip,
                                                          base::Time now);
/// Both.
base::Result<bool> owes_nothing(store::Tx& tx, const rights::Session& session, std::string_view request_ip,
                                base::Time now);

}  // namespace flow
