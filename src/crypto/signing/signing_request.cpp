#include "crypto/signing/signing_request.hpp"

#include <openssl/objects.h>

#include <algorithm>

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/soft_key.hpp"

namespace crypto {
namespace {

tl::unexpected<base::Error> refuse(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<void> add_name(X509_NAME* name, int nid, const std::string& text) {
  if (text.empty()) return {};
  const int kind = nid == NID_countryName || nid == NID_serialNumber ? MBSTRING_ASC : MBSTRING_UTF8;
  if (X509_NAME_add_entry_by_NID(name, nid, kind, ossl::octets(base::BytesView(text)), static_cast<int>(text.size()),
                                 -1, 0) != 1) {
    return refuse("a name that cannot stand in a request");
  }
  return {};
}

base::Result<void> set_subject(X509_REQ* request, const RequestSubject& subject) {
  X509_NAME* const name = X509_REQ_get_subject_name(request);
  RETURN_IF_ERROR(add_name(name, NID_countryName, subject.country));
  RETURN_IF_ERROR(add_name(name, NID_organizationName, subject.organization));
  RETURN_IF_ERROR(add_name(name, NID_surname, subject.family_name));
  RETURN_IF_ERROR(add_name(name, NID_givenName, subject.given_name));
  RETURN_IF_ERROR(add_name(name, NID_serialNumber, subject.serial_number));
  return add_name(name, NID_commonName, subject.common_name);
}

int nid_of(SignatureAlgorithm algorithm) {
  const bool is_curve = algorithm.scheme == SignatureScheme::ecdsa;
  switch (algorithm.digest) {
    case DigestKind::sha256: return is_curve ? NID_ecdsa_with_SHA256 : NID_sha256WithRSAEncryption;
    case DigestKind::sha384: return is_curve ? NID_ecdsa_with_SHA384 : NID_sha384WithRSAEncryption;
    case DigestKind::sha512: return is_curve ? NID_ecdsa_with_SHA512 : NID_sha512WithRSAEncryption;
    default: return NID_undef;
  }
}

}  // namespace

base::Result<base::Bytes> make_signing_request(base::BytesView spki, const RequestSubject& subject,
                                               const ValueMaker& sign) {
  const ossl::ErrorsCleared cleared;
  const ossl::Key key = ossl::read_public_key(spki);
  const std::vector<SignatureAlgorithm> algorithms = list_algorithms_of(spki);
  if (!key || algorithms.empty()) return refuse("not a key that signs documents");
  const SignatureAlgorithm algorithm = algorithms.front();
  if (algorithm.scheme == SignatureScheme::rsa_pss) return refuse("a key that signs by RSASSA-PSS only");

  const ossl::Request request(X509_REQ_new());
  ossl::demand(request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1);
  RETURN_IF_ERROR(set_subject(request.get(), subject));
  ossl::demand(X509_REQ_set_pubkey(request.get(), key.get()) == 1);
  unsigned char* octets = nullptr;
  const int size = i2d_re_X509_REQ_tbs(request.get(), &octets);
  ossl::demand(size > 0);
  const base::Bytes to_be_signed(reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size));
  OPENSSL_free(octets);

  ASSIGN_OR_RETURN(const base::Bytes value, sign(algorithm, to_be_signed));
  if (!verify_signature(spki, algorithm, to_be_signed, value, ValueForm::der)) return refuse("the value is not right");
  const std::unique_ptr<X509_ALGOR, ossl::Freed<X509_ALGOR_free>> identifier(X509_ALGOR_new());
  ossl::demand(identifier != nullptr);
  // RFC 5758 §3.2: the parameters are absent; RFC 4055 §5: they are NULL.
  const int parameters = algorithm.scheme == SignatureScheme::ecdsa ? V_ASN1_UNDEF : V_ASN1_NULL;
  ossl::demand(X509_ALGOR_set0(identifier.get(), OBJ_nid2obj(nid_of(algorithm)), parameters, nullptr) == 1 &&
               X509_REQ_set1_signature_algo(request.get(), identifier.get()) == 1);
  ASN1_BIT_STRING* const bits = ASN1_BIT_STRING_new();
  ossl::demand(bits != nullptr &&
               ASN1_BIT_STRING_set(bits, const_cast<unsigned char*>(ossl::octets(base::BytesView(value))),  // NOLINT
                                   static_cast<int>(value.size())) == 1);
  // The number of unused bits is said, because it is otherwise guessed from the last octet.
  bits->flags = (bits->flags & ~(ASN1_STRING_FLAG_BITS_LEFT | 7L)) | ASN1_STRING_FLAG_BITS_LEFT;
  X509_REQ_set0_signature(request.get(), bits);
  return ossl::write_der(request.get(), i2d_X509_REQ);
}

}  // namespace crypto
