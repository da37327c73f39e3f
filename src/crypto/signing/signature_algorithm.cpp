#include "crypto/signing/signature_algorithm.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "crypto/signing/openssl_signing.hpp"

namespace crypto {
namespace {

constexpr std::array<std::string_view, 11> digest_names{
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-224", "sha3-256", "sha3-384", "sha3-512", "ripemd160"};
constexpr std::array<std::size_t, 11> digest_sizes{16, 20, 28, 32, 48, 64, 28, 32, 48, 64, 20};
static_assert(digest_names.size() == all_digest_kinds.size() && digest_sizes.size() == all_digest_kinds.size());

constexpr std::array schemes{SignatureScheme::rsa_pkcs1, SignatureScheme::rsa_pss, SignatureScheme::ecdsa,
                             SignatureScheme::dsa};
constexpr std::array<std::array<std::string_view, 11>, 4> algorithm_names{{
    {"rsa-pkcs1-md5", "rsa-pkcs1-sha1", "rsa-pkcs1-sha224", "rsa-pkcs1-sha256", "rsa-pkcs1-sha384", "rsa-pkcs1-sha512",
     "rsa-pkcs1-sha3-224", "rsa-pkcs1-sha3-256", "rsa-pkcs1-sha3-384", "rsa-pkcs1-sha3-512", "rsa-pkcs1-ripemd160"},
    {"rsa-pss-md5", "rsa-pss-sha1", "rsa-pss-sha224", "rsa-pss-sha256", "rsa-pss-sha384", "rsa-pss-sha512",
     "rsa-pss-sha3-224", "rsa-pss-sha3-256", "rsa-pss-sha3-384", "rsa-pss-sha3-512", "rsa-pss-ripemd160"},
    {"ecdsa-md5", "ecdsa-sha1", "ecdsa-sha224", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512", "ecdsa-sha3-224",
     "ecdsa-sha3-256", "ecdsa-sha3-384", "ecdsa-sha3-512", "ecdsa-ripemd160"},
    {"dsa-md5", "dsa-sha1", "dsa-sha224", "dsa-sha256", "dsa-sha384", "dsa-sha512", "dsa-sha3-224", "dsa-sha3-256",
     "dsa-sha3-384", "dsa-sha3-512", "dsa-ripemd160"},
}};
static_assert(algorithm_names.size() == schemes.size());

}  // namespace

namespace ossl {

const EVP_MD* digest_of(DigestKind kind) {
  static const std::array<EVP_MD*, digest_names.size()> fetched = [] {
    constexpr std::array<const char*, digest_names.size()> names{"MD5",      "SHA1",     "SHA224",   "SHA256",
                                                                 "SHA384",   "SHA512",   "SHA3-224", "SHA3-256",
                                                                 "SHA3-384", "SHA3-512", "RIPEMD160"};
    std::array<EVP_MD*, digest_names.size()> all{};
    std::transform(names.begin(), names.end(), all.begin(),
                   [](const char* name) { return EVP_MD_fetch(nullptr, name, nullptr); });
    demand(std::find(all.begin(), all.end(), nullptr) == all.end());
    return all;
  }();
  return fetched.at(static_cast<std::size_t>(kind));
}

std::optional<DigestKind> find_digest_kind(int nid) {
  switch (nid) {
    case NID_md5: return DigestKind::md5;
    case NID_sha1: return DigestKind::sha1;
    case NID_sha224: return DigestKind::sha224;
    case NID_sha256: return DigestKind::sha256;
    case NID_sha384: return DigestKind::sha384;
    case NID_sha512: return DigestKind::sha512;
    case NID_sha3_224: return DigestKind::sha3_224;
    case NID_sha3_256: return DigestKind::sha3_256;
    case NID_sha3_384: return DigestKind::sha3_384;
    case NID_sha3_512: return DigestKind::sha3_512;
    case NID_ripemd160: return DigestKind::ripemd160;
    default: return std::nullopt;
  }
}

}  // namespace ossl

std::string_view name_of(DigestKind kind) {
  return digest_names.at(static_cast<std::size_t>(kind));
}

base::Result<DigestKind> parse_digest_kind(std::string_view name) {
  const auto* const found = std::find(digest_names.begin(), digest_names.end(), name);
  if (found == digest_names.end()) return base::fail(base::Code::invalid_input, "not a digest that this program knows");
  return all_digest_kinds.at(static_cast<std::size_t>(found - digest_names.begin()));
}

std::size_t size_of(DigestKind kind) {
  return digest_sizes.at(static_cast<std::size_t>(kind));
}

base::Bytes digest(DigestKind kind, base::BytesView octets) {
  // One context for each kind, because a context that changes its algorithm allocates anew.
  thread_local const std::array<ossl::Digest, digest_names.size()> contexts = [] {
    std::array<ossl::Digest, digest_names.size()> made;
    for (ossl::Digest& one : made) one.reset(EVP_MD_CTX_new());
    return made;
  }();
  EVP_MD_CTX* const context = contexts.at(static_cast<std::size_t>(kind)).get();
  base::Bytes out(size_of(kind), '\0');
  ossl::demand(context != nullptr && EVP_DigestInit_ex2(context, ossl::digest_of(kind), nullptr) == 1 &&
               EVP_DigestUpdate(context, octets.data(), octets.size()) == 1 &&
               EVP_DigestFinal_ex(context, ossl::octets(out), nullptr) == 1);
  return out;
}

std::string_view name_of(SignatureAlgorithm algorithm) {
  return algorithm_names.at(static_cast<std::size_t>(algorithm.scheme)).at(static_cast<std::size_t>(algorithm.digest));
}

base::Result<SignatureAlgorithm> parse_signature_algorithm(std::string_view name) {
  for (const SignatureScheme scheme : schemes) {
    for (const DigestKind kind : all_digest_kinds) {
      const SignatureAlgorithm algorithm{scheme, kind};
      if (name_of(algorithm) == name) return algorithm;
    }
  }
  return base::fail(base::Code::invalid_input, "not a signature algorithm that this program knows");
}

}  // namespace crypto
