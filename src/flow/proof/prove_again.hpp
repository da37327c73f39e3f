// "Prove it again": one mechanism for all dangerous actions. A person who is logged in gives the password once more;
// that is valid for this session and for a few minutes (Settings::proof_lasts), and is recorded.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/session/find_visitor.hpp"

namespace flow {

/// Whether this session's last proof (a login counts) is younger than Settings::proof_lasts.
bool has_fresh_proof(const House& house, const rights::Actor& actor, base::Time now);

/// Checks the password under the same lock-out and the same audit as a login. Password lane.
/// Errors: login_failed (one for all reasons), unavailable.
base::Result<void> prove_again(const House& house, const rights::Actor& actor, const base::Secret& password,
                               const RequestFacts& facts);

/// Reason, for log and tests; doors ask has_fresh_proof before they call a flow.
inline constexpr std::string_view proof_needed = "proof_needed";

/// For flows: denied with the reason "proof_needed" if the proof is not fresh. Doors lead to /account/confirm?next=….
base::Result<void> demand_fresh_proof(const House& house, const rights::Actor& actor, base::Time now);

}  // namespace flow
