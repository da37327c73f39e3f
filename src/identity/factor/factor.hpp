// What an account can prove itself with besides its password, as far as the person holds it: an authenticator app, a
// passkey, a recovery code (S3, S4.28).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace identity {

enum class FactorKind : std::uint8_t {
  totp,
  passkey,
  recovery
};
/// "totp", "webauthn", "recovery": for the database.
std::string_view name_of(FactorKind kind);
/// Errors: invalid_input.
base::Result<FactorKind> parse_factor_kind(std::string_view name);

/// More cannot be added, so that every comparison is bounded.
inline constexpr std::size_t most_totp = 5;
inline constexpr std::size_t most_passkeys = 10;
/// How many recovery codes are made at once, and from how few on the person is told to make new ones.
inline constexpr std::size_t recovery_codes_made = 10;
inline constexpr std::size_t few_recovery_codes = 3;

}  // namespace identity
