#include "crypto/signing/token_parts.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/openssl_signing.hpp"

namespace crypto {
namespace {

using Builder = std::unique_ptr<OSSL_PARAM_BLD, ossl::Freed<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, ossl::Freed<OSSL_PARAM_free>>;
using Object = std::unique_ptr<ASN1_OBJECT, ossl::Freed<ASN1_OBJECT_free>>;

tl::unexpected<base::Error> refuse(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<base::Bytes> make_public(const char* type, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const ossl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* raw = nullptr;
  ossl::demand(parameters != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  const int made = EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters.get());
  const ossl::Key key(raw);
  if (made != 1 || !key) return refuse("not a public key");
  return ossl::write_der(key.get(), i2d_PUBKEY);
}

// The content of an OCTET STRING that takes up all octets, else the octets themselves.
base::BytesView unwrap(base::BytesView point) {
  const unsigned char* at = ossl::octets(point);
  long size = 0;
  int tag = 0;
  int kind = 0;
  const int flags = ASN1_get_object(&at, &size, &tag, &kind, static_cast<long>(point.size()));
  const auto header = static_cast<std::size_t>(at - ossl::octets(point));
  const bool is_wrapped = (flags & 0x80) == 0 && tag == V_ASN1_OCTET_STRING && size > 0 &&
                          header + static_cast<std::size_t>(size) == point.size() && (point[header] & 0xfe) <= 4;
  return is_wrapped ? point.substr(header) : point;
}

base::Result<base::Bytes> join(const char* curve, base::BytesView point) {
  const Builder builder(OSSL_PARAM_BLD_new());
  ossl::demand(
      builder != nullptr && OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1);
  return make_public("EC", builder);
}

}  // namespace

base::Result<base::Bytes> join_ec_public_key(base::BytesView parameters, base::BytesView point) {
  const ossl::ErrorsCleared cleared;
  const unsigned char* at = ossl::octets(parameters);
  const unsigned char* const end = at + parameters.size();
  const Object curve(d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(parameters.size())));
  const char* const name = curve && at == end ? OBJ_nid2sn(OBJ_obj2nid(curve.get())) : nullptr;
  if (name == nullptr || OBJ_obj2nid(curve.get()) == NID_undef) return refuse("not a named curve");
  const base::BytesView bare = unwrap(point);
  auto joined = join(name, bare);
  // A bare point may look like an OCTET STRING by chance.
  return joined || bare.size() == point.size() ? std::move(joined) : join(name, point);
}

base::Result<base::Bytes> join_rsa_public_key(base::BytesView modulus, base::BytesView exponent) {
  const ossl::ErrorsCleared cleared;
  constexpr std::size_t longest = 1024;
  if (modulus.empty() || exponent.empty() || modulus.size() > longest || exponent.size() > longest) {
    return refuse("not an RSA key");
  }
  const ossl::Number n(BN_bin2bn(ossl::octets(modulus), static_cast<int>(modulus.size()), nullptr));
  const ossl::Number e(BN_bin2bn(ossl::octets(exponent), static_cast<int>(exponent.size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  ossl::demand(n && e && builder && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
               OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1);
  return make_public("RSA", builder);
}

base::Result<CertificateParts> split_certificate(base::BytesView der) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(der);
  if (!certificate) return refuse("not one certificate");
  CertificateParts parts;
  parts.public_key = ossl::write_der(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY);
  parts.subject = ossl::write_der(X509_get_subject_name(certificate.get()), i2d_X509_NAME);
  parts.issuer = ossl::write_der(X509_get_issuer_name(certificate.get()), i2d_X509_NAME);
  parts.serial = ossl::write_der(X509_get0_serialNumber(certificate.get()), i2d_ASN1_INTEGER);
  // Without the extension all bits are set.
  parts.may_sign = (X509_get_key_usage(certificate.get()) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
  return parts;
}

}  // namespace crypto
