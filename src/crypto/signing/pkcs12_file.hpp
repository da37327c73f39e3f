// Reads files with a key, its certificate and the chain under a password: PKCS#12 (RFC 7292), as authorities give them
// to people.
#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/signing/soft_key.hpp"

namespace crypto {

inline constexpr std::size_t largest_pkcs12 = std::size_t{64} * 1024;

struct Pkcs12Content {
  SoftKey key;
  base::Bytes certificate;         // DER, of the key
  std::vector<base::Bytes> chain;  // DER, the issuer first; only those above the certificate
};
/// Reasons of refusals that people can do something about.
namespace pkcs12_flaw {
inline constexpr std::string_view large = "the file is larger than 64 KiB or has more than 32 parts";
inline constexpr std::string_view rounds = "the file asks for too many rounds of key derivation; 600,000 are opened";
inline constexpr std::string_view unknown_protection = "the file is protected in a way that this program does not know";
inline constexpr std::string_view outdated = "the file is protected by RC2, RC4 or DES; export it anew with AES";
inline constexpr std::string_view no_key = "the file holds no key";
inline constexpr std::string_view no_certificate = "the file holds no certificate of its key";
inline constexpr std::string_view several_keys = "the file holds several keys";
}  // namespace pkcs12_flaw
/// `file`: DER; `password`: UTF-8. What opening it costs is read before any of it is paid for. Errors: too_many (large,
/// rounds), login_failed (wrong password), not_found (no_key, no_certificate), conflict (several_keys), denied
/// (outdated), invalid_input (unknown_protection; unreadable, without a MAC, a key that signs no documents).
base::Result<Pkcs12Content> read_pkcs12(base::BytesView file, const base::Secret& password);

/// The path above a certificate among candidates, all DER: its issuer, the issuer of that one, and so on, as far as
/// they are there and the signatures are right.
std::vector<base::Bytes> list_above(base::BytesView certificate, std::vector<base::Bytes> candidates);

}  // namespace crypto
