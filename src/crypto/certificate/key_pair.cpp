#include "crypto/certificate/key_pair.hpp"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

constexpr std::array<std::string_view, 4> names{"ec-p256", "rsa-2048", "rsa-3072", "brainpool-p256r1"};
static_assert(names.size() == all_key_kinds.size());

ossl::Key make_key(KeyKind kind) {
  switch (kind) {
    case KeyKind::ec_p256: return ossl::Key(EVP_EC_gen("P-256"));
    case KeyKind::brainpool_p256: return ossl::Key(EVP_EC_gen("brainpoolP256r1"));
    case KeyKind::rsa_2048: return ossl::Key(EVP_RSA_gen(2048U));
    case KeyKind::rsa_3072: return ossl::Key(EVP_RSA_gen(3072U));
  }
  return {};
}

base::Result<KeyKind> kind_of(const EVP_PKEY* key) {
  const KeyFacts facts = ossl::judge(key);
  if (facts.algorithm == "ECC P-256") return KeyKind::ec_p256;
  if (facts.algorithm == "ECC brainpoolP256r1") return KeyKind::brainpool_p256;
  if (facts.algorithm == "RSA 2048") return KeyKind::rsa_2048;
  if (facts.algorithm == "RSA 3072") return KeyKind::rsa_3072;
  return base::fail(base::Code::invalid_input, "a key of another kind: " + facts.algorithm);
}

std::shared_ptr<const KeyPair::Impl> keep(KeyKind kind, ossl::Key key) {
  base::Bytes spki = ossl::write_der(key.get(), i2d_PUBKEY);
  return std::make_shared<const KeyPair::Impl>(KeyPair::Impl{kind, std::move(key), std::move(spki), {}});
}

}  // namespace

std::string_view name_of(KeyKind kind) {
  return names.at(static_cast<std::size_t>(kind));
}

base::Result<KeyKind> parse_key_kind(std::string_view name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return base::fail(base::Code::invalid_input,
                      "the key is ec-p256, rsa-2048, rsa-3072 or brainpool-p256r1, not " + std::string(name));
  }
  return all_key_kinds.at(static_cast<std::size_t>(found - names.begin()));
}

base::Result<KeyPair> KeyPair::generate(KeyKind kind) {
  const ossl::ErrorsCleared cleared;
  ossl::Key key = make_key(kind);
  if (!key) return base::fail(base::Code::internal, "OpenSSL makes no key");
  return KeyPair(keep(kind, std::move(key)));
}

base::Result<KeyPair> KeyPair::from_pkcs8(const base::Secret& der) {
  const ossl::ErrorsCleared cleared;
  const unsigned char* at = ossl::octets(der.reveal());
  const unsigned char* const end = at + der.reveal().size();
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.reveal().size())));
  if (!info || at != end) return base::fail(base::Code::invalid_input, "not one PKCS#8 key");
  ossl::Key key(EVP_PKCS82PKEY(info.get()));
  if (!key) return base::fail(base::Code::invalid_input, "a PKCS#8 key that cannot be read");
  ASSIGN_OR_RETURN(const KeyKind kind, kind_of(key.get()));
  return KeyPair(keep(kind, std::move(key)));
}

base::Result<KeyPair> KeyPair::held_elsewhere(base::BytesView spki, Signer sign) {
  const ossl::ErrorsCleared cleared;
  ossl::Key key = ossl::read_public_key(spki);
  if (!key) return base::fail(base::Code::invalid_input, "not one public key");
  ASSIGN_OR_RETURN(const KeyKind kind, kind_of(key.get()));
  return KeyPair(std::make_shared<const Impl>(Impl{kind, std::move(key), base::Bytes(spki), std::move(sign)}));
}

bool KeyPair::is_held_elsewhere() const {
  return impl_->sign_elsewhere != nullptr;
}

base::Result<base::Secret> KeyPair::to_pkcs8() const {
  const ossl::ErrorsCleared cleared;
  if (is_held_elsewhere()) return base::fail(base::Code::conflict, "the key is held elsewhere");
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>> info(
      EVP_PKEY2PKCS8(impl_->key.get()));
  if (!info) return base::fail(base::Code::internal, "a key that cannot be written");
  return base::Secret(ossl::write_der(info.get(), i2d_PKCS8_PRIV_KEY_INFO));
}

base::Result<base::Secret> KeyPair::to_pem() const {
  const ossl::ErrorsCleared cleared;
  if (is_held_elsewhere()) return base::fail(base::Code::conflict, "the key is held elsewhere");
  const ossl::Stream stream(BIO_new(BIO_s_secmem()));
  ossl::demand(stream != nullptr);
  const int written =
      PEM_write_bio_PKCS8PrivateKey(stream.get(), impl_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  if (written != 1) return base::fail(base::Code::internal, "a key that cannot be written");
  return base::Secret(ossl::take_text(stream.get()));
}

KeyKind KeyPair::kind() const {
  return impl_->kind;
}

const base::Bytes& KeyPair::public_key() const {
  return impl_->public_key;
}

base::Result<KeyFacts> judge_key(base::BytesView spki) {
  const ossl::ErrorsCleared cleared;
  const ossl::Key key = ossl::read_public_key(spki);
  if (!key) return base::fail(base::Code::invalid_input, "not one public key");
  return ossl::judge(key.get());
}

}  // namespace crypto
