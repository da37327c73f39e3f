// Reads files with a key, its certificate and the chain under a password: PKCS#12 (RFC 7292), as authorities give them
// to people.
#pragma once

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
/// `file`: DER; `password`: UTF-8. Errors: too_many (larger than largest_pkcs12, more than 32 parts, more than
/// a million rounds of key derivation), login_failed (wrong password), not_found (no key, or no
/// certificate of it), conflict (several keys), denied (a cipher that protects nobody any more, RC2 or single DES),
/// invalid_input (unreadable, without a MAC, a key that signs no documents). Each has a code of its
/// own, so that a door can tell people what to do.
base::Result<Pkcs12Content> read_pkcs12(base::BytesView file, const base::Secret& password);

/// The path above a certificate among candidates, all DER: its issuer, the issuer of that one, and so on, as far as
/// they are there and the signatures are right.
std::vector<base::Bytes> list_above(base::BytesView certificate, std::vector<base::Bytes> candidates);

}  // namespace crypto
