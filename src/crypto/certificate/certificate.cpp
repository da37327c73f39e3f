#include "crypto/certificate/certificate.hpp"

#include <algorithm>

#include "crypto/certificate/x509.hpp"
#include "crypto/digest/digest.hpp"

namespace crypto {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view end_mark = "-----END CERTIFICATE-----";

base::Result<base::Bytes> der_of_pem(std::string_view text) {
  const std::size_t begin = text.find(begin_mark);
  const std::size_t end = text.find(end_mark, begin);
  if (end == std::string_view::npos) return base::fail(base::Code::invalid_input, "the certificate has no end");
  if (text.find("-----BEGIN", begin + begin_mark.size()) != std::string_view::npos) {
    return base::fail(base::Code::invalid_input, "more than one certificate");
  }
  std::string packed(text.substr(begin + begin_mark.size(), end - begin - begin_mark.size()));
  std::erase_if(packed, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return base::parse_base64(packed);
}

base::Result<CertificateFacts> read(base::Bytes der) {
  const ossl::ErrorsCleared cleared;
  const ossl::Certificate certificate = ossl::read_certificate(der);
  if (!certificate) return base::fail(base::Code::invalid_input, "not one X.509 certificate");
  CertificateFacts facts;
  facts.subject = ossl::text_of(X509_get_subject_name(certificate.get()));
  facts.issuer = ossl::text_of(X509_get_issuer_name(certificate.get()));
  facts.serial = ossl::hex_of(X509_get0_serialNumber(certificate.get()));
  ASSIGN_OR_RETURN(facts.not_before, ossl::time_of(X509_get0_notBefore(certificate.get())));
  ASSIGN_OR_RETURN(facts.not_after, ossl::time_of(X509_get0_notAfter(certificate.get())));
  facts.fingerprint = base::to_hex(sha256(der));
  facts.der = std::move(der);
  return facts;
}

}  // namespace

base::Result<CertificateFacts> parse_certificate(base::BytesView octets) {
  if (octets.empty() || octets.size() > largest_certificate) {
    return base::fail(base::Code::invalid_input, "empty, or larger than a certificate may be");
  }
  if (octets.find(begin_mark) == base::BytesView::npos) return read(base::Bytes(octets));
  // DER is tried first, because a name inside a certificate may contain the PEM marks.
  if (auto whole = read(base::Bytes(octets))) return whole;
  ASSIGN_OR_RETURN(base::Bytes der, der_of_pem(octets));
  return read(std::move(der));
}

}  // namespace crypto
