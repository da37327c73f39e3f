// A test login: an administrator goes through the login of an application as the application would send him, and sees
// what it would be told about him (docs/decisions/0046-test-login.md).
//
//   begin_trial ─> /oauth2/authorize ─> login, context, code ─> trial_path ─> finish_trial: the code is redeemed
//
// What the application would keep between the two (verifier, nonce, its secret) is in a sealed cookie, bound to
// `state`. The tokens are decoded and dropped: no page, log or event holds one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "rights/actor.hpp"

namespace flow {

inline constexpr base::Duration trial_lasts = std::chrono::minutes(10);

struct Trial {
  std::string location;  // of the authorization endpoint
  std::string sealed;    // for a cookie, until the answer comes
};
/// `secret`: of a confidential client, as the administrator has it. Errors: denied, not_found, invalid_input (the
/// client is disabled or takes no codes).
base::Result<Trial> begin_trial(const House& house, const rights::Actor& actor, std::string_view client_id,
                                const base::Secret& secret, base::Time now);

/// What came to trial_path.
struct TrialAnswer {
  std::string state;
  std::string code;
  std::string sealed;
};
/// Names and values of a JSON object, in its order; texts without quotes, everything else as JSON.
using Members = std::vector<std::pair<std::string, std::string>>;
struct DecodedToken {
  Members header;
  Members claims;
};
struct TrialResult {
  std::string client_id;
  std::optional<OAuthRefusal> refusal;  // of the token endpoint; then nothing else is set
  std::string scope;
  std::int64_t expires_in = 0;  // seconds, of the access token
  DecodedToken id_token;        // empty without scope openid
  DecodedToken access_token;
  Members userinfo;
};
/// Errors: denied, not_found, expired (began too long ago), invalid_input (was not begun in this browser).
base::Result<TrialResult> finish_trial(const House& house, const rights::Actor& actor, const TrialAnswer& answer,
                                       const RequestFacts& facts);
/// The client of a trial that this browser has begun; "" = none.
std::string find_client_of_trial(const House& house, const TrialAnswer& answer);

}  // namespace flow
