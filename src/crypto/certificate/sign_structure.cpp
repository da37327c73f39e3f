#include "crypto/certificate/sign_structure.hpp"

namespace crypto::ossl {
namespace {

// OpenSSL signs only with a key that it holds. What another place signs is therefore signed here first, with a key that
// means nothing and that puts the right algorithm into the structure, and then the value is replaced.
EVP_PKEY* placeholder_for(const KeyPair& key) {
  static const Key curve(EVP_EC_gen("P-256"));
  demand(curve != nullptr);
  if (EVP_PKEY_get_base_id(key.impl().key.get()) != EVP_PKEY_RSA) return curve.get();
  static const Key rsa(EVP_RSA_gen(2048U));
  demand(rsa != nullptr);
  return rsa.get();
}

base::Result<void> replace_value(const ASN1_BIT_STRING* signature, base::BytesView to_be_signed, const KeyPair& key) {
  ASSIGN_OR_RETURN(const base::Bytes value, key.impl().sign_elsewhere(to_be_signed));
  auto* const bits = const_cast<ASN1_BIT_STRING*>(signature);  // NOLINT: OpenSSL has no setter for it
  demand(ASN1_BIT_STRING_set(bits, const_cast<unsigned char*>(octets(base::BytesView(value))),  // NOLINT: it is copied
                             static_cast<int>(value.size())) == 1);
  // The number of unused bits is said, because it is otherwise guessed from the last octet.
  bits->flags = (bits->flags & ~(ASN1_STRING_FLAG_BITS_LEFT | 7L)) | ASN1_STRING_FLAG_BITS_LEFT;
  return {};
}

template <class T>
base::Bytes write_tbs(T* object, int (*i2d)(T*, unsigned char**)) {
  unsigned char* out = nullptr;
  const int size = i2d(object, &out);
  demand(size > 0);
  base::Bytes octets(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return octets;
}

/// By the name of the responder, because OpenSSL takes the digest of a key only from the one that signs.
base::Result<void> sign_answer_elsewhere(OCSP_BASICRESP* answer, X509* responder, const KeyPair& key) {
  EVP_PKEY* const placeholder = placeholder_for(key);
  const Certificate named(X509_new());
  demand(named != nullptr && X509_set_subject_name(named.get(), X509_get_subject_name(responder)) == 1);
  demand(X509_set_pubkey(named.get(), placeholder) == 1);
  demand(OCSP_basic_sign(answer, named.get(), placeholder, digest_for(placeholder), nullptr, OCSP_NOCERTS) == 1);
  demand(OCSP_basic_add1_cert(answer, responder) == 1);
  const base::Bytes to_be_signed = write_der(OCSP_resp_get0_respdata(answer), i2d_OCSP_RESPDATA);
  return replace_value(OCSP_resp_get0_signature(answer), to_be_signed, key);
}

}  // namespace

base::Result<void> sign(X509* certificate, const KeyPair& key) {
  const bool is_elsewhere = key.is_held_elsewhere();
  EVP_PKEY* const signer = is_elsewhere ? placeholder_for(key) : key.impl().key.get();
  demand(X509_sign(certificate, signer, digest_for(signer)) > 0);
  if (!is_elsewhere) return {};
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, certificate);
  return replace_value(signature, write_tbs(certificate, i2d_re_X509_tbs), key);
}

base::Result<void> sign(X509_CRL* list, const KeyPair& key) {
  const bool is_elsewhere = key.is_held_elsewhere();
  EVP_PKEY* const signer = is_elsewhere ? placeholder_for(key) : key.impl().key.get();
  demand(X509_CRL_sign(list, signer, digest_for(signer)) > 0);
  if (!is_elsewhere) return {};
  const ASN1_BIT_STRING* signature = nullptr;
  X509_CRL_get0_signature(list, &signature, nullptr);
  return replace_value(signature, write_tbs(list, i2d_re_X509_CRL_tbs), key);
}

base::Result<void> sign(OCSP_BASICRESP* answer, X509* responder, const KeyPair& key) {
  if (key.is_held_elsewhere()) return sign_answer_elsewhere(answer, responder, key);
  EVP_PKEY* const signer = key.impl().key.get();
  demand(OCSP_basic_sign(answer, responder, signer, digest_for(signer), nullptr, OCSP_RESPID_KEY) == 1);
  return {};
}

}  // namespace crypto::ossl
