#include "crypto/key/signing_key.hpp"

#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include "crypto/key/pkey.hpp"

namespace crypto {
namespace {

using Decoder = std::unique_ptr<OSSL_DECODER_CTX, ossl::Freed<OSSL_DECODER_CTX_free>>;
using PrivateKeyInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>>;

// NIST SP 800-57 part 1 rev. 5, table 2: 3072 bits have a strength of 128 bits, 2048 have 112.
constexpr int rsa_bits = 3072;
constexpr int earlier_rsa_bits = 2048;  // of keys that were made before; they sign until they are rotated

bool is_what_we_sign_with(Algorithm algorithm, const EVP_PKEY* key) {
  if (algorithm == Algorithm::rs256) {
    const int bits = EVP_PKEY_get_bits(key);
    return bits == rsa_bits || bits == earlier_rsa_bits;
  }
  std::array<char, 32> group{};
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == "prime256v1";
}

}  // namespace

base::Result<SigningKey> SigningKey::generate(Algorithm algorithm) {
  ossl::Key key(algorithm == Algorithm::es256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsa_bits));
  if (!key) return base::fail(base::Code::internal, "OpenSSL makes no key");
  PublicKey pair;
  pair.impl_ = std::make_shared<const PublicKey::Impl>(Pkey(algorithm, std::move(key)));
  return SigningKey(std::move(pair));
}

base::Result<SigningKey> SigningKey::from_pkcs8(Algorithm algorithm, const base::Secret& der) {
  const auto bad = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  EVP_PKEY* raw = nullptr;
  // Type and structure are given, because OpenSSL would otherwise try every format that it knows.
  const Decoder decoder(OSSL_DECODER_CTX_new_for_pkey(
      &raw, "DER", "PrivateKeyInfo", algorithm == Algorithm::es256 ? "EC" : "RSA", EVP_PKEY_KEYPAIR, nullptr, nullptr));
  ossl::demand(decoder != nullptr);
  const unsigned char* at = ossl::octets(der.reveal());
  std::size_t rest = der.size();
  const bool read = OSSL_DECODER_from_data(decoder.get(), &at, &rest) == 1;
  ossl::Key key(raw);
  if (!read || !key) return bad("not a PKCS#8 private key of this algorithm");
  if (rest != 0) return bad("octets behind the private key");
  if (!is_what_we_sign_with(algorithm, key.get())) return bad("not a P-256, RSA-3072 or RSA-2048 key");
  PublicKey pair;
  pair.impl_ = std::make_shared<const PublicKey::Impl>(Pkey(algorithm, std::move(key)));
  SigningKey made(std::move(pair));
  // A public part that does not match the private one would otherwise be noticed only by the relying parties.
  const auto proof = made.sign("proof");
  if (!proof || !made.verify("proof", *proof)) return bad("the halves of the key do not fit together");
  return made;
}

base::Result<base::Secret> SigningKey::to_pkcs8() const {
  const PrivateKeyInfo info(EVP_PKEY2PKCS8(public_key_.impl_->pkey.key.get()));
  unsigned char* out = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &out) : -1;
  if (size <= 0) return base::fail(base::Code::internal, "the key cannot be written as PKCS#8");
  base::Secret der(std::string(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)));
  OPENSSL_clear_free(out, static_cast<std::size_t>(size));
  return der;
}

base::Result<base::Bytes> SigningKey::sign(base::BytesView input) const {
  return public_key_.impl_->pkey.sign(input);
}

}  // namespace crypto
