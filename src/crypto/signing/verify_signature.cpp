#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/openssl_signing.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {
namespace ossl {
namespace {

// A stack of documents is by few signers, each with a few certificates above.
constexpr std::size_t most_known_keys = 64;

struct Slot {
  base::Bytes spki;
  std::size_t hash = 0;
  std::uint64_t last_used = 0;
  KnownKey known;
};

bool is_described_by_itself(const EVP_PKEY* key) {
  int is_explicit = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &is_explicit) != 1 ||
          is_explicit != 0);
}

}  // namespace

bool is_for(const EVP_PKEY* key, SignatureScheme scheme) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA: return scheme == SignatureScheme::rsa_pkcs1 || scheme == SignatureScheme::rsa_pss;
    case EVP_PKEY_RSA_PSS: return scheme == SignatureScheme::rsa_pss;
    case EVP_PKEY_EC: return scheme == SignatureScheme::ecdsa && !is_described_by_itself(key);
    case EVP_PKEY_DSA: return scheme == SignatureScheme::dsa;
    default: return false;
  }
}

bool set_algorithm(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
  const EVP_MD* const digest = digest_of(algorithm.digest);
  switch (algorithm.scheme) {
    case SignatureScheme::ecdsa:
    case SignatureScheme::dsa: return EVP_PKEY_CTX_set_signature_md(context, digest) == 1;
    case SignatureScheme::rsa_pkcs1:
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(context, digest) == 1;
    case SignatureScheme::rsa_pss:
      return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_signature_md(context, digest) == 1 &&
             EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  return false;
}

KnownKey* find_public_key(base::BytesView spki) {
  thread_local std::vector<Slot> slots;
  thread_local std::uint64_t uses = 0;
  const std::size_t hash = std::hash<base::BytesView>()(spki);
  ++uses;
  const auto known = std::find_if(slots.begin(), slots.end(),
                                  [&](const Slot& slot) { return slot.hash == hash && slot.spki == spki; });
  if (known != slots.end()) {
    known->last_used = uses;
    return &known->known;
  }
  Key key = read_public_key(spki);
  if (!key || is_described_by_itself(key.get())) return nullptr;
  if (slots.size() < most_known_keys) slots.emplace_back();
  // A new slot was used least recently: never.
  Slot& slot = *std::min_element(slots.begin(), slots.end(),
                                 [](const Slot& a, const Slot& b) { return a.last_used < b.last_used; });
  slot = Slot{base::Bytes(spki), hash, uses, KnownKey{std::move(key), nullptr, {}}};
  return &slot.known;
}

}  // namespace ossl

namespace {

// Whether a value is two numbers below an order.
bool is_pair(SignatureScheme scheme) {
  return scheme == SignatureScheme::ecdsa || scheme == SignatureScheme::dsa;
}

std::size_t size_of_order(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_DSA) {
    BIGNUM* found = nullptr;
    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_Q, &found) != 1) return 0;
    const ossl::Number order(found);
    return static_cast<std::size_t>(BN_num_bytes(order.get()));
  }
  // Of a key on a curve these are the bits of the order (EVP_PKEY_get_bits(3)).
  return (static_cast<std::size_t>(EVP_PKEY_get_bits(key)) + 7) / 8;
}

// The context of the key for the algorithm, kept for the next value.
EVP_PKEY_CTX* context_of(ossl::KnownKey& known, SignatureAlgorithm algorithm) {
  if (known.context && known.algorithm == algorithm) return known.context.get();
  ossl::KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, known.key.get(), nullptr));
  ossl::demand(context != nullptr);
  if (EVP_PKEY_verify_init(context.get()) != 1 || !ossl::set_algorithm(context.get(), algorithm)) return nullptr;
  known.context = std::move(context);
  known.algorithm = algorithm;
  return known.context.get();
}

}  // namespace

std::size_t size_of_order(base::BytesView spki) {
  const ossl::ErrorsCleared cleared;
  const ossl::KnownKey* const known = ossl::find_public_key(spki);
  if (known == nullptr) return 0;
  const EVP_PKEY* const key = known->key.get();
  if (!ossl::is_for(key, SignatureScheme::ecdsa) && !ossl::is_for(key, SignatureScheme::dsa)) return 0;
  return size_of_order(key);
}

bool verify_signature(base::BytesView spki, SignatureAlgorithm algorithm, base::BytesView octets, base::BytesView value,
                      ValueForm form) {
  const ossl::ErrorsCleared cleared;
  ossl::KnownKey* const known = ossl::find_public_key(spki);
  if (known == nullptr || !ossl::is_for(known->key.get(), algorithm.scheme)) return false;
  base::Bytes der;
  if (!is_pair(algorithm.scheme)) {
    if (value.size() != static_cast<std::size_t>(EVP_PKEY_get_size(known->key.get()))) return false;
  } else if (form == ValueForm::raw) {
    if (value.size() != 2 * size_of_order(known->key.get())) return false;
    base::Result<base::Bytes> encoded = encode_ecdsa_value(value);
    if (!encoded) return false;
    der = std::move(*encoded);
    value = der;
  } else if (!decode_ecdsa_value(value, size_of_order(known->key.get()))) {
    return false;
  }
  EVP_PKEY_CTX* const context = context_of(*known, algorithm);
  if (context == nullptr) return false;
  const base::Bytes hashed = digest(algorithm.digest, octets);
  return EVP_PKEY_verify(context, ossl::octets(value), value.size(), ossl::octets(base::BytesView(hashed)),
                         hashed.size()) == 1;
}

base::Result<base::Bytes> convert_value(base::BytesView spki, base::BytesView value, ValueForm from, ValueForm to) {
  const ossl::ErrorsCleared cleared;
  const ossl::KnownKey* const known = ossl::find_public_key(spki);
  if (known == nullptr || !ossl::is_for(known->key.get(), SignatureScheme::ecdsa)) {
    return base::fail(base::Code::invalid_input, "not a key on a named curve");
  }
  const std::size_t size = size_of_order(known->key.get());
  base::Bytes raw(value);
  if (from == ValueForm::der) {
    ASSIGN_OR_RETURN(raw, decode_ecdsa_value(value, size));
  }
  if (raw.size() != 2 * size) return base::fail(base::Code::invalid_input, "not a value of the key's curve");
  ASSIGN_OR_RETURN(base::Bytes der, encode_ecdsa_value(raw));
  return to == ValueForm::der ? der : raw;
}

}  // namespace crypto
