// Issues an authorization code: calls may_issue, adds the client to the session, and writes the grant and the audit
// event, all in the transaction in which the facts were read (RFC 6749 §4.1.2, security rule 8).
#pragma once

#include <string>
#include <variant>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/validate_request.hpp"
#include "rights/actor.hpp"
#include "rights/may_issue.hpp"

namespace flow {

/// Gives the code, or the reason for the refusal, which is also in the audit log. `actor`: read in this transaction.
base::Result<std::variant<std::string, rights::Refusal>> issue_code(const House& house, store::Tx& tx,
                                                                    const ValidRequest& request,
                                                                    const rights::Actor& actor,
                                                                    const RequestFacts& facts);

}  // namespace flow
