// An administrator gives an account a password. Every session and token of the account ends.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/password/password_flaws.hpp"
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

/// Why the policy refuses it; not that it was used before, which would tell of the person's passwords. Errors: those of
/// find_changeable, unavailable.
base::Result<std::vector<identity::PasswordFlaw>> find_given_password_flaws(const House& house,
                                                                            const rights::Actor& actor,
                                                                            std::string_view account,
                                                                            const base::Secret& password,
                                                                            base::Time now);

}  // namespace flow
