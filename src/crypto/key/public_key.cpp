#include "crypto/key/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "crypto/digest/digest.hpp"
#include "crypto/key/pkey.hpp"

namespace crypto {
namespace {

using Number = std::unique_ptr<BIGNUM, ossl::Freed<BN_clear_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, ossl::Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, ossl::Freed<OSSL_PARAM_free>>;

// base64url of a number of the key, padded to `size` octets with zeros (0 = as short as it is).
std::string number_of(const EVP_PKEY* key, const char* name, int size) {
  BIGNUM* raw = nullptr;
  ossl::demand(EVP_PKEY_get_bn_param(key, name, &raw) == 1);
  const Number number(raw);
  const int needed = size == 0 ? BN_num_bytes(raw) : size;
  base::Bytes octets(static_cast<std::size_t>(needed), '\0');
  ossl::demand(BN_bn2binpad(raw, ossl::octets(octets), needed) == needed);
  return base::to_base64url(octets);
}

base::Result<ossl::Key> make_public(const char* type, OSSL_PARAM* parameters) {
  const ossl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  ossl::demand(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    return base::fail(base::Code::invalid_input, "not a public key");
  }
  return ossl::Key(key);
}

}  // namespace

std::string_view name_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::es256: return "ES256";
    case Algorithm::rs256: return "RS256";
    case Algorithm::ps256: return "PS256";
  }
  return {};
}

base::Result<Algorithm> parse_algorithm(std::string_view name) {
  if (name == "ES256") return Algorithm::es256;
  if (name == "RS256") return Algorithm::rs256;
  return base::fail(base::Code::invalid_input, "not an algorithm of ours");
}

PublicKey::Impl::Impl(Pkey from) : pkey(std::move(from)) {
  const EVP_PKEY* const key = pkey.key.get();
  // RFC 7638 §3.2: the required members only, in lexicographic order.
  std::string members;
  if (pkey.algorithm == Algorithm::es256) {
    members = R"("crv":"P-256","kty":"EC","x":")" + number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, 32) + R"(","y":")" +
              number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32) + '"';
  } else {
    members = R"("e":")" + number_of(key, OSSL_PKEY_PARAM_RSA_E, 0) + R"(","kty":"RSA","n":")" +
              number_of(key, OSSL_PKEY_PARAM_RSA_N, 0) + '"';
  }
  kid = base::to_base64url(sha256("{" + members + "}"));
  jwk =
      "{" + members + R"(,"use":"sig","alg":")" + std::string(name_of(pkey.algorithm)) + R"(","kid":")" + kid + R"("})";
}

base::Result<PublicKey> PublicKey::from_point(base::BytesView x, base::BytesView y) {
  if (x.size() != 32 || y.size() != 32) return base::fail(base::Code::invalid_input, "coordinates are of 32 octets");
  base::Bytes point("\x04");
  point.append(x).append(y);
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  ossl::demand(builder != nullptr &&
               OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1 &&
               OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) ==
                   1);
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  // OpenSSL refuses points that are not on the curve while it reads them.
  ASSIGN_OR_RETURN(ossl::Key key, make_public("EC", parameters.get()));
  PublicKey made;
  made.impl_ = std::make_shared<const Impl>(Pkey(Algorithm::es256, std::move(key)));
  return made;
}

base::Result<PublicKey> PublicKey::from_modulus(base::BytesView n, base::BytesView e, Algorithm algorithm) {
  const auto bad = [] { return base::fail(base::Code::invalid_input, "not an RSA key of 2048 to 4096 bits"); };
  if (n.size() < 256 || n.size() > 512 || e.empty() || e.size() > 4 || n[0] == '\0' || e[0] == '\0') return bad();
  const Number modulus(BN_bin2bn(ossl::octets(n), static_cast<int>(n.size()), nullptr));
  const Number exponent(BN_bin2bn(ossl::octets(e), static_cast<int>(e.size()), nullptr));
  ossl::demand(modulus != nullptr && exponent != nullptr);
  if (BN_num_bits(modulus.get()) < 2048 || BN_is_odd(modulus.get()) == 0 || BN_is_odd(exponent.get()) == 0 ||
      BN_is_one(exponent.get()) == 1) {
    return bad();
  }
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  ossl::demand(builder != nullptr && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
               OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1);
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  ASSIGN_OR_RETURN(ossl::Key key, make_public("RSA", parameters.get()));
  PublicKey made;
  made.impl_ = std::make_shared<const Impl>(Pkey(algorithm, std::move(key)));
  return made;
}

Algorithm PublicKey::algorithm() const {
  return impl_->pkey.algorithm;
}
const std::string& PublicKey::kid() const {
  return impl_->kid;
}
const std::string& PublicKey::jwk() const {
  return impl_->jwk;
}
bool PublicKey::verify(base::BytesView input, base::BytesView signature) const {
  return impl_->pkey.verify(input, signature);
}

}  // namespace crypto
