// "Prove it again": one mechanism for all dangerous actions (S4.28). A person who is logged in gives one more proof, by
// any method that the account has; it is valid for this session and for a few minutes (ProofSettings::lasts), and is
// recorded. Each method is one entry of the table in proof_methods.cpp.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/login_code.hpp"
#include "flow/proof/proof_methods.hpp"
#include "flow/session/find_visitor.hpp"
#include "rights/proofs.hpp"

namespace flow {

/// Whether this session's last proof (a login counts) is younger than ProofSettings::lasts.
bool is_proof_fresh(const House& house, const rights::Session& session, base::Time now);
/// The same for an actor; the operator's is always fresh.
bool has_fresh_proof(const House& house, const rights::Actor& actor, base::Time now);

/// The methods that the actor's account can prove with, in the order in which they are offered.
base::Result<std::vector<rights::ProofMethod>> list_proof_methods(const House& house, const rights::Actor& actor,
                                                                  base::Time now);

/// Sends a code by SMS with which the actor can prove it again, to the number in force, if the rules of second factors
/// of the account count it. Errors: not_found (it cannot be proven so), too_many (a moment ago, or a limit of short
/// messages), denied, conflict (the session has ended or was replaced).
base::Result<void> send_code_again(const House& house, const rights::Actor& actor, const RequestFacts& facts);
/// The code that was sent in this session.
base::Result<std::optional<SentCode>> find_code_again(const House& house, const rights::Actor& actor, base::Time now);

/// Checks the proof with the same lockout and the same audit events as a login. Password lane. The session gets a new
/// id and secret, and the old cookie is invalid at once (ASVS 5.0 7.2.4); gives the value of the new one. Errors:
/// login_failed (one for all reasons), too_many (begin_proof), denied (the operator has no account to prove), conflict
/// (the session has ended or was replaced meanwhile), unavailable.
base::Result<base::Secret> prove_again(const House& house, const rights::Actor& actor, const GivenProof& given,
                                       const RequestFacts& facts);

/// Reason, for log and tests; doors ask has_fresh_proof before they call a flow.
inline constexpr std::string_view proof_needed = "proof_needed";

/// For flows: denied with the reason "proof_needed" if the proof is not fresh. Doors lead to /account/confirm?next=….
base::Result<void> demand_fresh_proof(const House& house, const rights::Actor& actor, base::Time now);
/// The permission first, then the fresh proof. Errors: denied.
base::Result<void> demand_proven(const House& house, const rights::Actor& actor, rights::Permission permission,
                                 base::Time now);

}  // namespace flow
