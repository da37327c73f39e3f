// The key of an authenticator (WebAuthn) and the certificate that attests it. A key carries its only algorithm, so that
// a signature of another one cannot pass (security rule 4).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

/// COSE algorithms (RFC 9053, RFC 8812).
enum class CoseAlgorithm : std::uint8_t {
  es256,  // -7, ECDSA on P-256 with SHA-256
  eddsa,  // -8, Ed25519
  rs256,  // -257, RSASSA-PKCS1-v1_5 with SHA-256
};
/// In the order in which they are preferred.
inline constexpr std::array all_cose_algorithms{CoseAlgorithm::es256, CoseAlgorithm::eddsa, CoseAlgorithm::rs256};
/// -7, -8, -257.
std::int64_t number_of(CoseAlgorithm algorithm);
/// nullopt: none of ours.
std::optional<CoseAlgorithm> find_cose_algorithm(std::int64_t number);

class AuthenticatorKey {
 public:
  /// The coordinates, 32 octets each. Errors: invalid_input (not a point of P-256).
  static base::Result<AuthenticatorKey> from_point(base::BytesView x, base::BytesView y);
  /// The public key of RFC 8032, 32 octets. Errors: invalid_input.
  static base::Result<AuthenticatorKey> from_ed25519(base::BytesView x);
  /// Modulus and exponent, big-endian without leading zeros. Errors: invalid_input (as PublicKey::from_modulus).
  static base::Result<AuthenticatorKey> from_modulus(base::BytesView n, base::BytesView e);

  [[nodiscard]] CoseAlgorithm algorithm() const { return algorithm_; }
  /// `signature` as WebAuthn level 3 §6.5.5 says: DER Ecdsa-Sig-Value for ES256, 64 octets for EdDSA, of the modulus'
  /// length for RS256. Thread-safe.
  [[nodiscard]] bool verify(base::BytesView input, base::BytesView signature) const;

 private:
  struct Impl;
  AuthenticatorKey() = default;
  CoseAlgorithm algorithm_ = CoseAlgorithm::es256;
  std::shared_ptr<const Impl> impl_;
};

/// What WebAuthn asks of the certificate of an attestation (level 3 §8.2.1), and its signature. Neither its chain nor
/// its time is judged, because there is no list of makers to trust.
struct AttestationCertificate {
  bool has_right_form = false;          // version 3, subject with C, O, CN and OU "Authenticator Attestation", no CA
  std::optional<base::Bytes> aaguid{};  // of the extension 1.3.6.1.4.1.45724.1.1.4
  bool is_aaguid_critical = false;
  bool has_signed = false;  // the input, with its key and the algorithm
};
/// `der`: one certificate. Errors: invalid_input (not one certificate, or a broken extension).
base::Result<AttestationCertificate> read_attestation_certificate(base::BytesView der, CoseAlgorithm algorithm,
                                                                  base::BytesView input, base::BytesView signature);

}  // namespace crypto
