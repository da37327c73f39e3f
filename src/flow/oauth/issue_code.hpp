// Issues an authorization code: may_issue, the client joins the session, the grant, and the audit event, in the
// transaction in which the facts were read (RFC 6749 §4.1.2, security rule 8).
#pragma once

#include <string>
#include <variant>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/validate_request.hpp"
#include "rights/actor.hpp"
#include "rights/may_issue.hpp"

namespace flow {

/// The code, or why there is none (which is in the audit log too). `actor`: found in this transaction.
base::Result<std::variant<std::string, rights::Refusal>> issue_code(const House& house, store::Tx& tx,
                                                                    const ValidRequest& request,
                                                                    const rights::Actor& actor,
                                                                    const RequestFacts& facts);

}  // namespace flow
