// Time-based one-time codes (RFC 6238 over RFC 4226) as every authenticator app makes them: HMAC-SHA-1, six digits,
// steps of 30 seconds from the epoch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace crypto {

/// RFC 4226 §4: "RECOMMENDing a shared secret length of 160 bits".
inline constexpr std::size_t totp_secret_size = 20;
inline constexpr std::size_t totp_digits = 6;
/// A new random secret of totp_secret_size octets.
base::Secret make_totp_secret();

/// The step of a time: whole periods of 30 seconds since the epoch.
std::int64_t totp_step_of(base::Time at);
/// The code of a step, RFC 4226 §5.3: `digits` decimal digits, at most 8.
std::string make_totp_code(const base::Secret& secret, std::int64_t step, std::size_t digits = totp_digits);
/// Among the step of `now`, the one before and the one after (RFC 6238 §5.2, §6) and later than `used`, the one whose
/// code was typed; nullopt = none. Three codes are computed and compared in constant time, whatever was typed.
std::optional<std::int64_t> find_totp_step(const base::Secret& secret, std::string_view typed, std::int64_t used,
                                           base::Time now);

}  // namespace crypto
