// The two ceremonies of WebAuthn level 3 as the relying party verifies them: registration (§7.1) and authentication
// (§7.2). Invariant: whatever is not verified here is not given. What the caller still has to judge: that the challenge
// is used once, whose credential it is, and the signature counter.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "webauthn/client_data.hpp"

namespace webauthn {

inline constexpr std::size_t longest_attestation = std::size_t{32} * 1024;
inline constexpr std::size_t longest_signature = 1024;

/// What is known of the maker.
enum class Attestation : std::uint8_t {
  none,         // fmt "none": nothing
  self,         // fmt "packed", signed with the credential's own key
  certificate,  // fmt "packed", signed with the key of a certificate, whose chain is not judged
};

struct NewCredential {
  base::Bytes id;
  base::Bytes public_key;  // COSE_Key of ES256, EdDSA or RS256
  base::Bytes aaguid;      // 16 octets
  std::uint32_t sign_count = 0;
  bool is_verified = false;  // the device knows the person
  bool may_be_backed_up = false;
  bool is_backed_up = false;
  Attestation attestation = Attestation::none;
};
/// `client_data`: JSON; `attestation`: the attestation object. Errors: invalid_input (with the reason).
base::Result<NewCredential> verify_registration(const Expected& expected, std::string_view client_data,
                                                base::BytesView attestation);

struct Assertion {
  std::uint32_t sign_count = 0;
  bool is_verified = false;
  bool may_be_backed_up = false;
  bool is_backed_up = false;
};
/// `public_key`: that of the credential, as NewCredential has it. Errors: invalid_input (with the reason).
base::Result<Assertion> verify_assertion(const Expected& expected, base::BytesView public_key,
                                         std::string_view client_data, base::BytesView authenticator_data,
                                         base::BytesView signature);

}  // namespace webauthn
