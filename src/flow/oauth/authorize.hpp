// The authorization endpoint (RFC 6749 §4.1, OIDC Core §3.1.2): from a request to a code, a login, or a refusal.
//
//   request ──validate──> session good enough? ──yes──> consent? ──yes──> may_issue ─> code (one write transaction)
//                                │ no                     │ no                             ▲
//                                └──> attempt ─> login, context, question of consent ─> resume  (validated again)
//
// Policy is judged when the code is issued, and no judgement is stored (security rule 2). An attempt only says what the
// login had to do: `force_login` is fulfilled by a session whose auth_time is not before the begin of the attempt, and
// prompt=consent by a consent that was given after it. The consent itself is in the database; the attempt can only
// refuse it.
#pragma once

#include <string>
#include <variant>

#include "flow/house/request_facts.hpp"
#include "flow/login/attempt.hpp"
#include "flow/oauth/validate_request.hpp"
#include "flow/session/find_visitor.hpp"

namespace flow {

struct CodeIssued {
  std::string code;  // base64url of 16 octets grant and 32 octets secret
};
/// `attempt` is complete except for the text of the request, which the door prints.
struct LoginNeeded {
  Attempt attempt;
};
/// The same for the page that asks for consent; `attempt.consent` says to what.
struct ConsentNeeded {
  Attempt attempt;
};
using Authorization = std::variant<CodeIssued, LoginNeeded, ConsentNeeded, OAuthRefusal, PageRefusal>;

/// `attempt`: the opened attempt that is resumed; nullptr for a new request.
/// Errors: unavailable, internal; the door shows a page and does not redirect.
base::Result<Authorization> authorize(const House& house, const AuthorizationRequest& request, const Attempt* attempt,
                                      std::string_view session_cookie, const RequestFacts& facts);

}  // namespace flow
