// OpenSSL's part in signatures, for this room only: fetched digests, the settings of a context, and the public keys
// that a thread has read, because reading one costs more than a verification.
#pragma once

#include <openssl/evp.h>

#include <optional>

#include "base/bytes.hpp"
#include "crypto/digest/openssl.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto::ossl {

/// Lives as long as the process.
const EVP_MD* digest_of(DigestKind kind);
/// By OpenSSL's number. nullopt: another digest.
std::optional<DigestKind> find_digest_kind(int nid);

/// Whether a key of that sort signs by the scheme: RSA by both of RSA, a key that is bound to PSS by that one only, and
/// one on a named curve by ECDSA. A curve that the key describes itself is none (CVE-2020-0601).
bool is_for(const EVP_PKEY* key, SignatureScheme scheme);

/// Padding, salt and digest of a context that was initialised to sign or to verify.
bool set_algorithm(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm);

/// What a thread keeps of a public key. `context` was set for `algorithm`, or is nullptr.
struct KnownKey {
  Key key;
  KeyContext context;
  SignatureAlgorithm algorithm;
};
/// The key from this thread's bounded cache; valid until the next call in the thread. nullptr: unreadable, or on a
/// curve that it describes itself.
KnownKey* find_public_key(base::BytesView spki);

}  // namespace crypto::ossl
