#include "crypto/certificate/certificate_traits.hpp"

#include <openssl/pkcs12.h>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/x509.hpp"

namespace crypto {

base::Result<CertificateTraits> read_traits(base::BytesView der) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(der);
  if (!certificate) return base::fail(base::Code::invalid_input, "not one X.509 certificate");
  CertificateTraits traits;
  const KeyFacts key = ossl::judge(X509_get0_pubkey(certificate.get()));
  traits.algorithm = key.algorithm;
  traits.is_weak_key = key.is_weak;
  traits.is_weak_digest = !ossl::is_strongly_signed(certificate.get());
  const std::uint32_t flags = X509_get_extension_flags(certificate.get());
  const bool signs = (flags & EXFLAG_KUSAGE) != 0 && (X509_get_key_usage(certificate.get()) & KU_KEY_CERT_SIGN) != 0;
  traits.is_authority = (flags & EXFLAG_CA) != 0 || signs;
  if ((flags & EXFLAG_INVALID) != 0) return base::fail(base::Code::invalid_input, "extensions that cannot be read");
  return traits;
}

bool holds_private_key(base::BytesView octets) {
  const ossl::ErrorsCleared cleared;
  if (octets.find("PRIVATE KEY-----") != base::BytesView::npos) return true;
  const unsigned char* at = ossl::octets(octets);
  const auto size = static_cast<long>(octets.size());
  const std::unique_ptr<PKCS12, ossl::Freed<PKCS12_free>> bag(d2i_PKCS12(nullptr, &at, size));
  at = ossl::octets(octets);
  const ossl::Key key(d2i_AutoPrivateKey(nullptr, &at, size));
  return bag != nullptr || key != nullptr;
}

std::size_t count_certificates(base::BytesView octets) {
  constexpr std::string_view mark = "-----BEGIN CERTIFICATE-----";
  std::size_t count = 0;
  for (auto at = octets.find(mark); at != base::BytesView::npos; at = octets.find(mark, at + mark.size())) ++count;
  if (count > 0) return count;
  return parse_certificate(octets) ? 1 : 0;
}

}  // namespace crypto
