// The data that an authenticator signs (WebAuthn level 3 §6.1): 37 octets, and what their flags announce.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace webauthn {

inline constexpr std::size_t longest_authenticator_data = 8192;
inline constexpr std::size_t longest_credential_id = 1023;  // §4, "Credential ID"

struct AttestedCredential {
  base::Bytes aaguid;  // 16 octets
  base::Bytes id;
  base::Bytes public_key;  // COSE_Key
};

struct AuthenticatorData {
  base::Bytes rp_id_hash;    // 32 octets
  bool is_present = false;   // UP: somebody touched it
  bool is_verified = false;  // UV: the device knows the person, by PIN or body
  bool may_be_backed_up = false;
  bool is_backed_up = false;
  std::uint32_t sign_count = 0;
  std::optional<AttestedCredential> credential;
};

/// Errors: invalid_input (too long, too short, octets behind it, a broken key or extension, a backup of what cannot be
/// backed up).
base::Result<AuthenticatorData> parse_authenticator_data(base::BytesView octets);

}  // namespace webauthn
