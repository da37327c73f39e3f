// Personal tokens, as their owner makes and withdraws them: with one a program signs, verifies and asks for time stamps
// in the person's name. It gives nothing that the account may not do at the moment of the call. A token is shown once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/registration/administer_tokens.hpp"
#include "rights/actor.hpp"

namespace flow {

inline constexpr std::size_t most_own_tokens = 20;  // that count, of one account

struct OwnTokenWish {
  std::string name;                                    // 1 to 100 characters in one line
  std::vector<std::string> scopes;                     // at least one of personal_scopes
  base::Duration lasts = std::chrono::hours(24) * 90;  // up to longest_token
};
/// Needs the permission own_password and a fresh proof. Errors: denied, invalid_input (name, scopes, time), too_many.
base::Result<NewToken> create_own_token(const House& house, const rights::Actor& actor, const OwnTokenWish& wish,
                                        const RequestFacts& facts);
/// The newest 50. Errors: denied.
base::Result<std::vector<ShownToken>> list_own_tokens(const House& house, const rights::Actor& actor, base::Time now);
/// Needs no proof, because it only takes away. False: it was withdrawn before. Errors: denied, not_found.
base::Result<bool> revoke_own_token(const House& house, const rights::Actor& actor, std::string_view id,
                                    const RequestFacts& facts);

}  // namespace flow
