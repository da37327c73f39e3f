#include "crypto/certificate/pkcs12.hpp"

#include <openssl/pkcs12.h>

#include <algorithm>

#include "crypto/certificate/x509.hpp"

namespace crypto {
namespace {

// NIST SP 800-132 leaves the number to us; the password is random with 128 bits, so that a moderate one is enough and
// old programs open the file quickly. OpenSSL's own standard is 2048.
constexpr int rounds = 10'000;
constexpr int salt_size = 16;
constexpr int old_salt_size = 8;

struct Form {
  int cipher;
  const EVP_MD* mac;
  int salt;
};

Form form_of(const Pkcs12& content) {
  if (content.is_for_old_software) return {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, EVP_sha1(), old_salt_size};
  return {NID_aes_256_cbc, EVP_sha256(), salt_size};
}

/// PKCS#9 friendlyName is a BMPString, which has no characters above U+FFFF: they become U+FFFD.
std::string make_friendly(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const bool is_outside = static_cast<unsigned char>(utf8.front()) >= 0xf0;
    out.append(is_outside ? std::string_view("\xef\xbf\xbd") : utf8.substr(0, 1));
    utf8.remove_prefix(std::min<std::size_t>(is_outside ? 4 : 1, utf8.size()));
  }
  return out;
}

}  // namespace

base::Result<base::Secret> encode_pkcs12(const Pkcs12& content, const base::Secret& password) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(content.certificate);
  if (!certificate) return base::fail(base::Code::invalid_input, "the certificate cannot be read");
  EVP_PKEY* const key = content.key.impl().key.get();
  if (X509_check_private_key(certificate.get(), key) != 1) {
    return base::fail(base::Code::invalid_input, "the key is not that of the certificate");
  }
  const ossl::Certificates chain(sk_X509_new_null());
  ossl::demand(chain != nullptr);
  for (const base::Bytes& der : content.chain) {
    if (!ossl::push(chain.get(), der)) {
      return base::fail(base::Code::invalid_input, "a certificate of the chain cannot be read");
    }
  }
  const Form form = form_of(content);
  const std::string text(password.reveal());
  const std::unique_ptr<PKCS12, ossl::Freed<PKCS12_free>> made(
      PKCS12_create(text.c_str(), make_friendly(content.name).c_str(), key, certificate.get(), chain.get(), form.cipher,
                    form.cipher, rounds, -1, 0));
  if (!made) return base::fail(base::Code::internal, "OpenSSL makes no PKCS#12 file");
  if (PKCS12_set_mac(made.get(), text.c_str(), -1, nullptr, form.salt, rounds, form.mac) != 1) {
    return base::fail(base::Code::internal, "OpenSSL makes no MAC of a PKCS#12 file");
  }
  return base::Secret(ossl::write_der(made.get(), i2d_PKCS12));
}

}  // namespace crypto
