// OpenSSL 3 for this room only: owners of its objects, and its algorithms, which are fetched once for the process
// because a fetch takes a global lock and costs more than the hash itself (openssl/openssl#20286).
#pragma once

#include <openssl/evp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/bytes.hpp"

namespace crypto::ossl {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC_CTX, Freed<EVP_MAC_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;

struct Algorithms {
  EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_CIPHER* aes_256_gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
};
/// Lives as long as the process; throws if this OpenSSL lacks an algorithm.
const Algorithms& algorithms();

/// For calls that fail only if memory is exhausted or this program has a bug.
inline void demand(bool good) {
  if (!good) throw std::runtime_error("OpenSSL refuses an operation that cannot fail");
}

inline const unsigned char* octets(base::BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(base::Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// A number for each key of this process, by which a thread finds its context for the key. Numbers are never reused.
inline std::uint64_t next_key_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace crypto::ossl
