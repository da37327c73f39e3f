#include "crypto/signing/soft_key.hpp"

#include <algorithm>

#include "crypto/signing/soft_key_impl.hpp"

namespace crypto {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 4096;

constexpr std::array<std::string_view, 8> names{"ec-p256",          "ec-p384",  "ec-p521",  "brainpool-p256r1",
                                                "brainpool-p384r1", "rsa-2048", "rsa-3072", "rsa-4096"};
static_assert(names.size() == all_soft_key_kinds.size());

ossl::Key make_key(SoftKeyKind kind) {
  switch (kind) {
    case SoftKeyKind::ec_p256: return ossl::Key(EVP_EC_gen("P-256"));
    case SoftKeyKind::ec_p384: return ossl::Key(EVP_EC_gen("P-384"));
    case SoftKeyKind::ec_p521: return ossl::Key(EVP_EC_gen("P-521"));
    case SoftKeyKind::brainpool_p256: return ossl::Key(EVP_EC_gen("brainpoolP256r1"));
    case SoftKeyKind::brainpool_p384: return ossl::Key(EVP_EC_gen("brainpoolP384r1"));
    case SoftKeyKind::rsa_2048: return ossl::Key(EVP_RSA_gen(2048U));
    case SoftKeyKind::rsa_3072: return ossl::Key(EVP_RSA_gen(3072U));
    case SoftKeyKind::rsa_4096: return ossl::Key(EVP_RSA_gen(4096U));
  }
  return {};
}

std::vector<SignatureAlgorithm> by(SignatureScheme scheme, std::array<DigestKind, 3> digests) {
  std::vector<SignatureAlgorithm> all;
  all.reserve(digests.size());
  for (const DigestKind digest : digests) all.push_back({scheme, digest});
  return all;
}

std::vector<SignatureAlgorithm> list_algorithms(const EVP_PKEY* key) {
  using enum DigestKind;
  if (ossl::is_for(key, SignatureScheme::ecdsa)) {
    const std::string curve = ossl::judge(key).algorithm;
    if (curve == "ECC P-256" || curve == "ECC brainpoolP256r1") {
      return by(SignatureScheme::ecdsa, {sha256, sha384, sha512});
    }
    if (curve == "ECC P-384" || curve == "ECC brainpoolP384r1") {
      return by(SignatureScheme::ecdsa, {sha384, sha256, sha512});
    }
    if (curve == "ECC P-521") return by(SignatureScheme::ecdsa, {sha512, sha256, sha384});
    return {};
  }
  if (!ossl::is_for(key, SignatureScheme::rsa_pss) || ossl::judge(key).is_weak ||
      EVP_PKEY_get_bits(key) < least_rsa_bits || EVP_PKEY_get_bits(key) > most_rsa_bits) {
    return {};
  }
  std::vector<SignatureAlgorithm> all = by(SignatureScheme::rsa_pss, {sha256, sha384, sha512});
  if (ossl::is_for(key, SignatureScheme::rsa_pkcs1)) {
    const std::vector<SignatureAlgorithm> more = by(SignatureScheme::rsa_pkcs1, {sha256, sha384, sha512});
    all.insert(all.begin(), more.begin(), more.end());
  }
  return all;
}

// A thread's contexts of the keys that it has used lately.
struct Slot {
  std::uint64_t number = 0;
  SignatureAlgorithm algorithm;
  ossl::KeyContext context;
};

EVP_PKEY_CTX* context_of(const SoftKey::Impl& key, SignatureAlgorithm algorithm) {
  thread_local std::array<Slot, 16> slots;
  Slot& slot = slots.at(key.number % slots.size());
  if (slot.number == key.number && slot.algorithm == algorithm) return slot.context.get();
  slot.number = 0;
  slot.context.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key.key.get(), nullptr));
  EVP_PKEY_CTX* const context = slot.context.get();
  if (context == nullptr || EVP_PKEY_sign_init(context) != 1 || !ossl::set_algorithm(context, algorithm)) {
    return nullptr;
  }
  slot.number = key.number;
  slot.algorithm = algorithm;
  return context;
}

}  // namespace

base::Result<SoftKey> keep_soft_key(ossl::Key key) {
  auto made = std::make_shared<SoftKey::Impl>();
  made->public_key = ossl::write_der(key.get(), i2d_PUBKEY);
  made->algorithms = list_algorithms(key.get());
  if (made->algorithms.empty()) {
    return base::fail(base::Code::invalid_input, "a key that signs no documents: " + ossl::judge(key.get()).algorithm);
  }
  made->key = std::move(key);
  SoftKey kept(std::move(made));
  // A public part that does not match the private one would otherwise be noticed only by those who verify.
  constexpr std::string_view octets = "proof";
  const SignatureAlgorithm algorithm = kept.impl().algorithms.front();
  const auto value = kept.sign(algorithm, octets);
  if (!value || !verify_signature(kept.public_key(), algorithm, octets, *value, ValueForm::der)) {
    return base::fail(base::Code::invalid_input, "the public part is not that of the private one");
  }
  return kept;
}

std::string_view name_of(SoftKeyKind kind) {
  return names.at(static_cast<std::size_t>(kind));
}

base::Result<SoftKeyKind> parse_soft_key_kind(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return base::fail(base::Code::invalid_input, "no such kind of key: " + std::string(name));
  return all_soft_key_kinds.at(static_cast<std::size_t>(found - names.begin()));
}

std::optional<SoftKeyKind> find_soft_key_kind(base::BytesView spki) {
  const ossl::ErrorsCleared cleared;
  const ossl::KnownKey* const known = ossl::find_public_key(spki);
  if (known == nullptr) return std::nullopt;
  constexpr std::array<std::string_view, 8> words{
      "ECC P-256",           "ECC P-384", "ECC P-521", "ECC brainpoolP256r1",
      "ECC brainpoolP384r1", "RSA 2048",  "RSA 3072",  "RSA 4096"};
  const std::string word = ossl::judge(known->key.get()).algorithm;
  const auto* const found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? std::nullopt
                              : std::optional(all_soft_key_kinds.at(static_cast<std::size_t>(found - words.begin())));
}

std::vector<SignatureAlgorithm> list_algorithms_of(base::BytesView spki) {
  const ossl::ErrorsCleared cleared;
  const ossl::KnownKey* const known = ossl::find_public_key(spki);
  return known == nullptr ? std::vector<SignatureAlgorithm>() : list_algorithms(known->key.get());
}

base::Result<SoftKey> SoftKey::generate(SoftKeyKind kind) {
  const ossl::ErrorsCleared cleared;
  ossl::Key key = make_key(kind);
  if (!key) return base::fail(base::Code::internal, "OpenSSL makes no key");
  return keep_soft_key(std::move(key));
}

base::Result<SoftKey> SoftKey::from_pkcs8(const base::Secret& der) {
  const ossl::ErrorsCleared cleared;
  const unsigned char* at = ossl::octets(der.reveal());
  const unsigned char* const end = at + der.size();
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  if (!info || at != end) return base::fail(base::Code::invalid_input, "not one PKCS#8 key");
  ossl::Key key(EVP_PKCS82PKEY(info.get()));
  if (!key) return base::fail(base::Code::invalid_input, "a PKCS#8 key that cannot be read");
  return keep_soft_key(std::move(key));
}

base::Result<base::Secret> SoftKey::to_pkcs8() const {
  const ossl::ErrorsCleared cleared;
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>> info(
      EVP_PKEY2PKCS8(impl_->key.get()));
  if (!info) return base::fail(base::Code::internal, "a key that cannot be written");
  return base::Secret(ossl::write_der(info.get(), i2d_PKCS8_PRIV_KEY_INFO));
}

const base::Bytes& SoftKey::public_key() const {
  return impl_->public_key;
}

base::Result<base::Bytes> SoftKey::sign(SignatureAlgorithm algorithm, base::BytesView octets) const {
  const ossl::ErrorsCleared cleared;
  if (std::find(impl_->algorithms.begin(), impl_->algorithms.end(), algorithm) == impl_->algorithms.end()) {
    return base::fail(base::Code::invalid_input, "not an algorithm of this key: " + std::string(name_of(algorithm)));
  }
  EVP_PKEY_CTX* const context = context_of(*impl_, algorithm);
  const base::Bytes hashed = digest(algorithm.digest, octets);
  base::Bytes value(static_cast<std::size_t>(most_rsa_bits / 8), '\0');
  std::size_t size = value.size();
  if (context == nullptr ||
      EVP_PKEY_sign(context, ossl::octets(value), &size, ossl::octets(base::BytesView(hashed)), hashed.size()) != 1) {
    return base::fail(base::Code::internal, "the key does not sign");
  }
  value.resize(size);
  return value;
}

}  // namespace crypto
