#include "crypto/factor/authenticator_key.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "crypto/certificate/certificate.hpp"
#include "crypto/digest/openssl.hpp"
#include "crypto/key/pkey.hpp"
#include "crypto/key/public_key.hpp"

namespace crypto {
namespace {

using Certificate = std::unique_ptr<X509, ossl::Freed<X509_free>>;

struct Row {
  CoseAlgorithm algorithm;
  std::int64_t number;
  const char* key_type;
};
constexpr std::array<Row, 3> table{
    {{CoseAlgorithm::es256, -7, "EC"}, {CoseAlgorithm::eddsa, -8, "ED25519"}, {CoseAlgorithm::rs256, -257, "RSA"}}};

const Row& row_of(CoseAlgorithm algorithm) {
  return *std::find_if(table.begin(), table.end(), [=](const Row& row) { return row.algorithm == algorithm; });
}

bool verify_with(EVP_PKEY* key, CoseAlgorithm algorithm, base::BytesView input, base::BytesView signature) {
  if (key == nullptr || EVP_PKEY_is_a(key, row_of(algorithm).key_type) != 1) return false;
  const ossl::Digest context(EVP_MD_CTX_new());
  ossl::demand(context != nullptr);
  // Ed25519 hashes by itself.
  const EVP_MD* digest = algorithm == CoseAlgorithm::eddsa ? nullptr : ossl::algorithms().sha256;
  const bool good = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), ossl::octets(signature), signature.size(), ossl::octets(input),
                                     input.size()) == 1;
  ERR_clear_error();
  return good;
}

std::string text_of(const X509_NAME* name, int nid) {
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  // Exactly one, so that no two readers can differ.
  if (at < 0 || X509_NAME_get_index_by_NID(name, nid, at) >= 0) return {};
  const ASN1_STRING* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
          static_cast<std::size_t>(ASN1_STRING_length(data))};
}

bool has_right_form(X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const bool is_named = text_of(subject, NID_countryName).size() == 2 &&
                        !text_of(subject, NID_organizationName).empty() && !text_of(subject, NID_commonName).empty() &&
                        text_of(subject, NID_organizationalUnitName) == "Authenticator Attestation";
  // "The Basic Constraints extension MUST have the CA component set to false."
  const std::uint32_t flags = X509_get_extension_flags(certificate);
  return is_named && X509_get_version(certificate) == X509_VERSION_3 && (flags & EXFLAG_BCONS) != 0 &&
         (flags & (EXFLAG_CA | EXFLAG_INVALID)) == 0;
}

base::Result<void> read_aaguid(X509* certificate, AttestationCertificate& read) {
  const std::unique_ptr<ASN1_OBJECT, ossl::Freed<ASN1_OBJECT_free>> oid(OBJ_txt2obj("1.3.6.1.4.1.45724.1.1.4", 1));
  ossl::demand(oid != nullptr);
  const int at = X509_get_ext_by_OBJ(certificate, oid.get(), -1);
  if (at < 0) return {};
  X509_EXTENSION* extension = X509_get_ext(certificate, at);
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
  const base::BytesView octets(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                               static_cast<std::size_t>(ASN1_STRING_length(value)));
  // An OCTET STRING of 16 octets.
  if (octets.size() != 18 || octets[0] != '\x04' || octets[1] != '\x10') {
    return base::fail(base::Code::invalid_input, "the certificate has a broken AAGUID");
  }
  read.aaguid = base::Bytes(octets.substr(2));
  read.is_aaguid_critical = X509_EXTENSION_get_critical(extension) != 0;
  return {};
}

}  // namespace

std::int64_t number_of(CoseAlgorithm algorithm) {
  return row_of(algorithm).number;
}

std::optional<CoseAlgorithm> find_cose_algorithm(std::int64_t number) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [=](const Row& row) { return row.number == number; });
  return found == table.end() ? std::nullopt : std::optional(found->algorithm);
}

struct AuthenticatorKey::Impl {
  std::optional<PublicKey> usual;  // ES256, RS256
  ossl::Key ed25519;
};

base::Result<AuthenticatorKey> AuthenticatorKey::from_point(base::BytesView x, base::BytesView y) {
  ASSIGN_OR_RETURN(PublicKey usual, PublicKey::from_point(x, y));
  AuthenticatorKey made;
  made.algorithm_ = CoseAlgorithm::es256;
  made.impl_ = std::make_shared<const Impl>(Impl{std::move(usual), nullptr});
  return made;
}

base::Result<AuthenticatorKey> AuthenticatorKey::from_ed25519(base::BytesView x) {
  const auto bad = [] { return base::fail(base::Code::invalid_input, "not a key of Ed25519"); };
  if (x.size() != 32) return bad();
  ossl::Key key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, ossl::octets(x), x.size()));
  ERR_clear_error();
  if (key == nullptr) return bad();
  AuthenticatorKey made;
  made.algorithm_ = CoseAlgorithm::eddsa;
  made.impl_ = std::make_shared<const Impl>(Impl{std::nullopt, std::move(key)});
  return made;
}

base::Result<AuthenticatorKey> AuthenticatorKey::from_modulus(base::BytesView n, base::BytesView e) {
  ASSIGN_OR_RETURN(PublicKey usual, PublicKey::from_modulus(n, e));
  AuthenticatorKey made;
  made.algorithm_ = CoseAlgorithm::rs256;
  made.impl_ = std::make_shared<const Impl>(Impl{std::move(usual), nullptr});
  return made;
}

bool AuthenticatorKey::verify(base::BytesView input, base::BytesView signature) const {
  switch (algorithm_) {
    case CoseAlgorithm::eddsa: return verify_with(impl_->ed25519.get(), algorithm_, input, signature);
    case CoseAlgorithm::es256: {
      const base::Bytes r_s = from_der(signature);
      // One signature has one form: DER.
      return r_s.size() == 64 && to_der(r_s) == signature && impl_->usual->verify(input, r_s);
    }
    case CoseAlgorithm::rs256: return impl_->usual->verify(input, signature);
  }
  return false;
}

base::Result<AttestationCertificate> read_attestation_certificate(base::BytesView der, CoseAlgorithm algorithm,
                                                                  base::BytesView input, base::BytesView signature) {
  const auto bad = [] { return base::fail(base::Code::invalid_input, "not one X.509 certificate"); };
  if (der.empty() || der.size() > largest_certificate) return bad();
  const unsigned char* at = ossl::octets(der);
  const unsigned char* const end = at + der.size();
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate || at != end) return bad();
  AttestationCertificate read;
  read.has_right_form = has_right_form(certificate.get());
  RETURN_IF_ERROR(read_aaguid(certificate.get(), read));
  read.has_signed = verify_with(X509_get0_pubkey(certificate.get()), algorithm, input, signature);
  ERR_clear_error();
  return read;
}

}  // namespace crypto
