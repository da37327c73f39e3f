// An administrator takes an identifier from an account that has it wrongly, so that its owner can be registered.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct FreeWish {
  std::string type;       // "login", "email", "phone", "epuap_account" or "epuap_profile"
  std::string new_login;  // in place of a login that is freed; "" = none
};
/// Errors: denied, not_found (no such account, or it has none of the type), invalid_input (reason names the field),
/// already_exists (the new login), conflict (nothing would be left to log in with).
base::Result<void> free_identifier(const House& house, const rights::Actor& actor, std::string_view account,
                                   const FreeWish& wish, const RequestFacts& facts);

}  // namespace flow
