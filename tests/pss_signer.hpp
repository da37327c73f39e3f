// A key of somebody else that signs with RSASSA-PSS: nothing of ours does.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "base/bytes.hpp"

namespace testing {

class PssSigner {
 public:
  PssSigner() : key_(EVP_RSA_gen(2048), EVP_PKEY_free) {
    if (key_ == nullptr) throw std::runtime_error("no key");
  }

  /// The public half, with the members of `more`: `,"alg":"PS256"`.
  [[nodiscard]] std::string jwk(std::string_view more) const {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_N, &raw) != 1) throw std::runtime_error("no modulus");
    base::Bytes modulus(256, '\0');
    BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(modulus.data()), 256);
    BN_free(raw);
    return R"({"kty":"RSA","e":"AQAB","n":")" + base::to_base64url(modulus) + "\"" + std::string(more) + "}";
  }
  /// With SHA-256. `salt`: octets; a negative number: RSASSA-PKCS1-v1_5.
  [[nodiscard]] base::Bytes sign(base::BytesView input, int salt = 32) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* of_key = nullptr;
    base::Bytes out(256, '\0');
    std::size_t size = out.size();
    const bool is_ready = EVP_DigestSignInit(context.get(), &of_key, EVP_sha256(), nullptr, key_.get()) == 1 &&
                          (salt < 0 || (EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PSS_PADDING) == 1 &&
                                        EVP_PKEY_CTX_set_rsa_pss_saltlen(of_key, salt) == 1));
    if (!is_ready || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                                    reinterpret_cast<const unsigned char*>(input.data()), input.size()) != 1) {
      throw std::runtime_error("no signature");
    }
    return out;
  }
  /// A JWT with this header and payload.
  [[nodiscard]] std::string token(std::string_view header, std::string_view payload, int salt = 32) const {
    const std::string input = base::to_base64url(header) + "." + base::to_base64url(payload);
    return input + "." + base::to_base64url(sign(input, salt));
  }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace testing
