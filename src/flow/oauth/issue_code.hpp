// Issues an authorization code: calls may_issue, adds the client to the session, and writes the grant and the audit
// event, all in the transaction in which the facts were read (RFC 6749 §4.1.2, security rule 8).
#pragma once

#include <string>
#include <variant>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/oauth/validate_request.hpp"
#include "rights/actor.hpp"
#include "rights/may_issue.hpp"

namespace flow {

/// The code; the reason of may_issue against it, which is also in the audit log; or that of the protocol, if another
/// code was issued for the same pushed request (RFC 9126 §4).
using IssuedCode = std::variant<std::string, rights::Refusal, OAuthRefusal>;
/// `actor`: read in this transaction.
base::Result<IssuedCode> issue_code(const House& house, store::Tx& tx, const ValidRequest& request,
                                    const rights::Actor& actor, const RequestFacts& facts);

}  // namespace flow
