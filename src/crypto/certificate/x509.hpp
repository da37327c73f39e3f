// Owners of OpenSSL's certificate objects and small conversions. For this room only.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/digest/openssl.hpp"

namespace crypto {

struct KeyPair::Impl {
  KeyKind kind;
  ossl::Key key;  // held elsewhere: its public part
  base::Bytes public_key;
  KeyPair::Signer sign_elsewhere{};
};

namespace ossl {

using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using List = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;
using Request = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using Name = std::unique_ptr<X509_NAME, Freed<X509_NAME_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using AsnTime = std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Stream = std::unique_ptr<BIO, Freed<BIO_free_all>>;

struct CertificatesFreed {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), CertificatesFreed>;
struct ExtensionsFreed {
  void operator()(STACK_OF(X509_EXTENSION) * stack) const { sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free); }
};
using Extensions = std::unique_ptr<STACK_OF(X509_EXTENSION), ExtensionsFreed>;

/// Clears OpenSSL's queue of errors of the thread at the end of a scope, because another library's call must not find
/// an error that was dealt with.
class ErrorsCleared {
 public:
  ErrorsCleared() = default;
  ErrorsCleared(const ErrorsCleared&) = delete;
  ErrorsCleared& operator=(const ErrorsCleared&) = delete;
  ~ErrorsCleared() { ERR_clear_error(); }
};

Certificate read_certificate(base::BytesView der);  // nullptr: not exactly one certificate
List read_list(base::BytesView der);
Key read_public_key(base::BytesView spki);

template <class T, class I2d>
base::Bytes write_der(const T* object, I2d i2d) {
  unsigned char* out = nullptr;
  const int size = i2d(object, &out);
  demand(size > 0);
  base::Bytes der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

std::string take_text(BIO* stream);
/// UTF-8; "" = not readable, or with a zero octet.
std::string text_of(const ASN1_STRING* string);
/// The only value of that kind in the name, UTF-8; "" = none, or more than one.
std::string find_only(const X509_NAME* name, int nid);
/// False: not exactly one certificate.
bool push(STACK_OF(X509) * stack, base::BytesView der);
/// The certificate of a key that signs. Errors: invalid_input (not readable), conflict (the key is not its own).
base::Result<Certificate> read_signer(base::BytesView certificate, const KeyPair& key);
/// RFC 4514 with UTF-8 unchanged; "?" = not readable.
std::string text_of(const X509_NAME* name);
/// Lower-case hexadecimal of whole octets.
std::string hex_of(const ASN1_INTEGER* number);
/// nullptr: no such number.
Integer integer_of_hex(const std::string& hex);
base::Result<base::Time> time_of(const ASN1_TIME* time);
AsnTime asn_time(base::Time time);

/// Whether a signature by this digest still counts: SHA-256 and larger, SHA-3, and those of Ed25519 and Ed448.
bool is_strong_digest(int signature_nid);
/// Whether the signature of the certificate still counts, also that of RSASSA-PSS, whose digest is a parameter.
bool is_strongly_signed(const X509* certificate);
/// The digest for a signature by the key: nullptr for Ed25519 and Ed448.
const EVP_MD* digest_for(const EVP_PKEY* key);
KeyFacts judge(const EVP_PKEY* key);

}  // namespace ossl
}  // namespace crypto
