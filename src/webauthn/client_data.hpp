// What the browser says about a ceremony (WebAuthn level 3 §5.8.1): its kind, the challenge, and the origin of the
// page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace webauthn {

inline constexpr std::size_t longest_client_data = 4096;

enum class Ceremony : std::uint8_t {
  registration,    // "webauthn.create"
  authentication,  // "webauthn.get"
};

/// What this server began.
struct Expected {
  base::Bytes challenge;  // as it was given to the browser
  std::string origin;     // "https://login.clinic.example"
  std::string rp_id;      // "login.clinic.example"
  bool needs_verification = false;
};

/// Errors: invalid_input (too long, not strict JSON, of another ceremony, challenge or origin, made inside a frame of
/// another site).
base::Result<void> check_client_data(std::string_view json, Ceremony ceremony, const Expected& expected);

}  // namespace webauthn
