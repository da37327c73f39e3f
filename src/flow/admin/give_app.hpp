// The operator gives an account an authenticator app whose secret was made elsewhere: by the system from which the
// account comes, or by a demonstration.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct GivenApp {
  std::string_view account;    // login, e-mail or id
  const base::Secret& secret;  // base32 of 10 to 64 octets; blanks are ignored
  bool if_missing = false;     // do nothing if the account has an app already
};
/// Whoever may do everything. Nobody is told, because it is done for many accounts at once. Gives whether it was added.
/// Errors: denied, those of find_changeable, invalid_input (no such secret), conflict (identity::most_totp).
base::Result<bool> give_app(const House& house, const rights::Actor& actor, const GivenApp& given,
                            const RequestFacts& facts);

}  // namespace flow
