// Passwords that the server makes: readable aloud and from paper (no 0 O o, 1 I i l), in groups of four, unguessable
// (S4.10). "Hkm7-Rtw3-Bxa9-Qwe4": each group has a capital, two small letters and a digit, so every class occurs.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/password/password_flaws.hpp"
#include "identity/password/password_policy.hpp"

namespace identity {

/// Octets of the random generator that make_temporary_password wants: enough for several attempts.
inline constexpr std::size_t temporary_password_octets = 1024;

/// At least 4 groups (66 bits) and as many as the policy's length asks. Each octet is used once; of the passwords that
/// they give, the first without a flaw is taken. Errors: invalid_input (too few octets), internal (nothing conforms).
base::Result<base::Secret> make_temporary_password(base::BytesView random, const PasswordPolicy& policy,
                                                   const PasswordFacts& facts);

}  // namespace identity
