// An administrator gives an account a password. Every session and token of the account ends.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct GivenPassword {
  base::Secret password;
  bool must_change = true;  // at the next login
};
/// `account`: login, e-mail or id. Errors: those of find_changeable; conflict (deleted), invalid_input (the password
/// breaks the policy).
base::Result<void> set_password(const House& house, const rights::Actor& actor, std::string_view account,
                                const GivenPassword& given, const RequestFacts& facts);

}  // namespace flow
