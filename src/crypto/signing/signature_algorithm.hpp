// How documents and tokens of others are signed: scheme and digest. Wider than the algorithms of our own tokens
// (crypto/key), and with those that only occur in what is judged.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

/// FIPS 180-4 and 202, RIPEMD-160; own signatures use SHA-256, SHA-384 and SHA-512, the others occur in what is judged
/// only.
enum class DigestKind : std::uint8_t {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sha3_224,
  sha3_256,
  sha3_384,
  sha3_512,
  ripemd160,
};
inline constexpr std::array all_digest_kinds{DigestKind::md5,      DigestKind::sha1,     DigestKind::sha224,
                                             DigestKind::sha256,   DigestKind::sha384,   DigestKind::sha512,
                                             DigestKind::sha3_224, DigestKind::sha3_256, DigestKind::sha3_384,
                                             DigestKind::sha3_512, DigestKind::ripemd160};
/// "sha256", "sha3-256"
std::string_view name_of(DigestKind kind);
/// Errors: invalid_input.
base::Result<DigestKind> parse_digest_kind(std::string_view name);
/// Octets of a digest: 16 to 64.
std::size_t size_of(DigestKind kind);
/// The digest of the octets.
base::Bytes digest(DigestKind kind, base::BytesView octets);

enum class SignatureScheme : std::uint8_t {
  rsa_pkcs1,  // RSASSA-PKCS1-v1_5, RFC 8017 §8.2
  rsa_pss,    // RSASSA-PSS, §8.1; MGF1 with the same digest, salt as long as the digest
  ecdsa,      // the curve is that of the key
  dsa,        // FIPS 186-4; occurs in what is judged only, and in no policy
};
struct SignatureAlgorithm {
  SignatureScheme scheme = SignatureScheme::ecdsa;
  DigestKind digest = DigestKind::sha256;
  bool operator==(const SignatureAlgorithm&) const = default;
};
/// "rsa-pkcs1-sha256", "rsa-pss-sha384", "ecdsa-sha512".
std::string_view name_of(SignatureAlgorithm algorithm);
/// Errors: invalid_input.
base::Result<SignatureAlgorithm> parse_signature_algorithm(std::string_view name);

/// Form of a value by ECDSA. RSA has one form: octets of the modulus' length.
enum class ValueForm : std::uint8_t {
  der,  // Ecdsa-Sig-Value, RFC 3279 §2.2.3: CMS, X.509
  raw,  // r‖s, each of the length of the curve's order: XML (RFC 4050), PKCS#11, JWS
};
/// Whether `value` is a signature over `octets` by the key. False for a key of another sort than the scheme, for a
/// value that is not encoded canonically, and for an unreadable key.
/// `spki`: SubjectPublicKeyInfo, DER.
bool verify_signature(base::BytesView spki, SignatureAlgorithm algorithm, base::BytesView octets, base::BytesView value,
                      ValueForm form);
/// From one form of an ECDSA value to the other. Errors: invalid_input (not such a value, or not of the key's curve).
base::Result<base::Bytes> convert_value(base::BytesView spki, base::BytesView value, ValueForm from, ValueForm to);

}  // namespace crypto
