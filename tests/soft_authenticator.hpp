// An authenticator (WebAuthn) in software: makes credentials and assertions with OpenSSL, and, if a test wants it,
// wrong ones.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/factor/authenticator_key.hpp"

namespace testing {

/// CBOR in the canonical form; a map is written in the order of the calls.
namespace cbor {

inline base::Bytes head(unsigned major, std::uint64_t number) {
  base::Bytes out;
  const auto first = [&](unsigned low) { out.push_back(static_cast<char>(major << 5 | low)); };
  const auto rest = [&](int octets) {
    for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift & 0xff));
  };
  if (number < 24) {
    first(static_cast<unsigned>(number));
  } else if (number <= 0xff) {
    first(24), rest(1);
  } else if (number <= 0xffff) {
    first(25), rest(2);
  } else if (number <= 0xffffffff) {
    first(26), rest(4);
  } else {
    first(27), rest(8);
  }
  return out;
}
inline base::Bytes number(std::int64_t value) {
  return value >= 0 ? head(0, static_cast<std::uint64_t>(value)) : head(1, static_cast<std::uint64_t>(-1 - value));
}
inline base::Bytes octets(base::BytesView value) {
  return head(2, value.size()).append(value);
}
inline base::Bytes text(base::BytesView value) {
  return head(3, value.size()).append(value);
}
inline base::Bytes array(const std::vector<base::Bytes>& items) {
  base::Bytes out = head(4, items.size());
  for (const base::Bytes& item : items) out.append(item);
  return out;
}
inline base::Bytes map(const std::vector<std::pair<base::Bytes, base::Bytes>>& members) {
  base::Bytes out = head(5, members.size());
  for (const auto& [key, value] : members) out.append(key).append(value);
  return out;
}

}  // namespace cbor

inline constexpr unsigned flag_up = 0x01;
inline constexpr unsigned flag_uv = 0x04;
inline constexpr unsigned flag_be = 0x08;
inline constexpr unsigned flag_bs = 0x10;
inline constexpr unsigned flag_at = 0x40;
inline constexpr unsigned flag_ed = 0x80;

inline std::string client_data(std::string_view type, base::BytesView challenge, std::string_view origin) {
  return base::JsonObject()
      .text("type", type)
      .text("challenge", base::to_base64url(challenge))
      .text("origin", origin)
      .flag("crossOrigin", false)
      .finish();
}

class SoftAuthenticator {
 public:
  explicit SoftAuthenticator(crypto::CoseAlgorithm algorithm) : algorithm_(algorithm), id(base::random_bytes(32)) {
    EVP_PKEY* made = nullptr;
    switch (algorithm) {
      case crypto::CoseAlgorithm::es256: made = EVP_EC_gen("P-256"); break;
      case crypto::CoseAlgorithm::eddsa: made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
      case crypto::CoseAlgorithm::rs256: made = EVP_RSA_gen(2048); break;
    }
    if (made == nullptr) throw std::runtime_error("no key");
    key_ = std::shared_ptr<EVP_PKEY>(made, EVP_PKEY_free);
  }

  [[nodiscard]] base::Bytes cose_key() const {
    using namespace cbor;
    switch (algorithm_) {
      case crypto::CoseAlgorithm::es256:
        return map({{number(1), number(2)},
                    {number(3), number(-7)},
                    {number(-1), number(1)},
                    {number(-2), octets(big_number(OSSL_PKEY_PARAM_EC_PUB_X, 32))},
                    {number(-3), octets(big_number(OSSL_PKEY_PARAM_EC_PUB_Y, 32))}});
      case crypto::CoseAlgorithm::eddsa: {
        base::Bytes raw(32, '\0');
        std::size_t size = raw.size();
        EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
        return map(
            {{number(1), number(1)}, {number(3), number(-8)}, {number(-1), number(6)}, {number(-2), octets(raw)}});
      }
      case crypto::CoseAlgorithm::rs256:
        return map({{number(1), number(3)},
                    {number(3), number(-257)},
                    {number(-1), octets(big_number(OSSL_PKEY_PARAM_RSA_N, 256))},
                    {number(-2), octets(base::Bytes("\x01\x00\x01", 3))}});
    }
    return {};
  }

  [[nodiscard]] base::Bytes sign(base::BytesView input) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const EVP_MD* digest = algorithm_ == crypto::CoseAlgorithm::eddsa ? nullptr : EVP_sha256();
    base::Bytes out(512, '\0');
    std::size_t size = out.size();
    if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                       reinterpret_cast<const unsigned char*>(input.data()), input.size()) != 1) {
      throw std::runtime_error("no signature");
    }
    out.resize(size);
    return out;
  }

  [[nodiscard]] base::Bytes data(unsigned flags) const {
    base::Bytes out = crypto::sha256(rp_id);
    out.push_back(static_cast<char>(flags));
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(count >> shift & 0xff));
    return out;
  }
  [[nodiscard]] base::Bytes data_with_credential(unsigned flags) const {
    base::Bytes out = data(flags | flag_at);
    out.append(aaguid);
    out.push_back(static_cast<char>(id.size() >> 8));
    out.push_back(static_cast<char>(id.size() & 0xff));
    return out.append(id).append(cose_key());
  }
  [[nodiscard]] static base::Bytes attestation(std::string_view format, base::BytesView statement,
                                               base::BytesView authenticator_data) {
    return cbor::map({{cbor::text("fmt"), cbor::text(format)},
                      {cbor::text("attStmt"), base::Bytes(statement)},
                      {cbor::text("authData"), cbor::octets(authenticator_data)}});
  }
  /// An attestation object of the format "none".
  [[nodiscard]] base::Bytes create(unsigned flags = flag_up | flag_uv) const {
    return attestation("none", cbor::map({}), data_with_credential(flags));
  }
  /// The signature of an assertion.
  [[nodiscard]] base::Bytes assert_with(base::BytesView authenticator_data, std::string_view client_data) const {
    return sign(base::Bytes(authenticator_data).append(crypto::sha256(client_data)));
  }

  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
  [[nodiscard]] crypto::CoseAlgorithm algorithm() const { return algorithm_; }

 private:
  [[nodiscard]] base::Bytes big_number(const char* name, int size) const {
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &raw);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> owned(raw, BN_free);
    base::Bytes out(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(out.data()), size);
    return out;
  }

  crypto::CoseAlgorithm algorithm_;
  std::shared_ptr<EVP_PKEY> key_;

 public:
  base::Bytes id;
  std::string rp_id = "login.clinic.example";
  std::uint32_t count = 1;
  base::Bytes aaguid = base::Bytes(16, '\0');
};

}  // namespace testing
