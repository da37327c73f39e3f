// Files with a key, its certificate and the chain, under a password: PKCS#12 (RFC 7292).
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/certificate/key_pair.hpp"

namespace crypto {

struct Pkcs12 {
  const KeyPair& key;
  base::BytesView certificate;     // DER
  std::vector<base::Bytes> chain;  // DER, the issuer first
  std::string name;                // what a store of certificates shows
  /// 3DES and SHA-1, for programs before about 2018, which protects less; else AES-256 with PBKDF2, and a MAC by
  /// SHA-256, which OpenSSL 3, Java and Chromium read.
  bool is_for_old_software = false;
};
/// DER. Errors: invalid_input (certificate unreadable, or not of the key).
base::Result<base::Secret> encode_pkcs12(const Pkcs12& content, const base::Secret& password);

}  // namespace crypto
