// Keys in memory that sign documents (S4.22). A signature by such a key is "advanced", never "qualified". A key is
// parsed once and kept, because parsing costs 0.7 ms and a signature on P-256 26 µs.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

/// What is made here. Curves of NIST (FIPS 186-5) and of the BSI (RFC 5639).
enum class SoftKeyKind : std::uint8_t {
  ec_p256,
  ec_p384,
  ec_p521,
  brainpool_p256,
  brainpool_p384,
  rsa_2048,
  rsa_3072,
  rsa_4096,
};
inline constexpr std::array all_soft_key_kinds{
    SoftKeyKind::ec_p256,        SoftKeyKind::ec_p384,  SoftKeyKind::ec_p521,  SoftKeyKind::brainpool_p256,
    SoftKeyKind::brainpool_p384, SoftKeyKind::rsa_2048, SoftKeyKind::rsa_3072, SoftKeyKind::rsa_4096};
/// "ec-p256", "ec-p384", "ec-p521", "brainpool-p256r1", "brainpool-p384r1", "rsa-2048", "rsa-3072", "rsa-4096".
std::string_view name_of(SoftKeyKind kind);
/// Errors: invalid_input.
base::Result<SoftKeyKind> parse_soft_key_kind(std::string_view name);

/// Of which kind a key is; nullopt: of none that is made here. `spki`: SubjectPublicKeyInfo, DER.
std::optional<SoftKeyKind> find_soft_key_kind(base::BytesView spki);

/// What a key signs by, the standard one first: SHA-2 as strong as its curve (FIPS 186-5 §6.1.1), or RSA with SHA-256;
/// never MD5 or SHA-1. Empty: a key that signs no documents here: another sort, RSA below 2048 or above 4096 bits,
/// another curve. `spki`: SubjectPublicKeyInfo, DER.
std::vector<SignatureAlgorithm> list_algorithms_of(base::BytesView spki);

/// Copies share one key; all functions are thread-safe.
class SoftKey {
 public:
  /// RSA takes up to some seconds: not inside a transaction.
  static base::Result<SoftKey> generate(SoftKeyKind kind);
  /// PKCS#8 DER, not encrypted. Errors: invalid_input (unreadable, octets behind it, a key that signs no documents
  /// here, a public part that is not of the private one).
  static base::Result<SoftKey> from_pkcs8(const base::Secret& der);
  [[nodiscard]] base::Result<base::Secret> to_pkcs8() const;
  /// SubjectPublicKeyInfo, DER.
  [[nodiscard]] const base::Bytes& public_key() const;
  /// The value over the octets: DER of an ECDSA value, or octets as many as the modulus has. Errors: invalid_input (not
  /// an algorithm of list_algorithms_of).
  [[nodiscard]] base::Result<base::Bytes> sign(SignatureAlgorithm algorithm, base::BytesView octets) const;

  struct Impl;  // for this room only
  [[nodiscard]] const Impl& impl() const { return *impl_; }

  explicit SoftKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

 private:
  std::shared_ptr<const Impl> impl_;
};

}  // namespace crypto
