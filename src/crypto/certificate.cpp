#include "crypto/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>

#include "crypto/digest.hpp"
#include "crypto/openssl.hpp"

namespace crypto {
namespace {

using Certificate = std::unique_ptr<X509, ossl::Freed<X509_free>>;
using Stream = std::unique_ptr<BIO, ossl::Freed<BIO_free_all>>;

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

std::string take(BIO* stream) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(stream, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string text_of(const X509_NAME* name) {
  const Stream stream(BIO_new(BIO_s_mem()));
  ossl::demand(stream != nullptr);
  // RFC 2253, with UTF-8 unchanged and control characters escaped.
  X509_NAME_print_ex(stream.get(), name, 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  std::string text = take(stream.get());
  return base::is_utf8(text) && text.find('\0') == std::string::npos ? text.substr(0, 1000) : std::string("?");
}

std::string hex_of(const ASN1_INTEGER* number) {
  const std::unique_ptr<BIGNUM, ossl::Freed<BN_free>> big(ASN1_INTEGER_to_BN(number, nullptr));
  if (!big) return "?";
  char* digits = BN_bn2hex(big.get());
  std::string text = digits == nullptr ? "?" : digits;
  OPENSSL_free(digits);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  return text;
}

base::Result<base::Time> time_of(const ASN1_TIME* asn1) {
  tm parts{};
  if (ASN1_TIME_to_tm(asn1, &parts) != 1)
    return base::fail(base::Code::invalid_input, "the certificate has a broken time");
  const std::chrono::year_month_day day{std::chrono::year(parts.tm_year + 1900),
                                        std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
                                        std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
  return base::Time(std::chrono::sys_days(day)) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

base::Result<CertificateFacts> read(base::Bytes der) {
  const unsigned char* at = ossl::octets(base::BytesView(der));
  const unsigned char* const end = at + der.size();
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!certificate || at != end) return base::fail(base::Code::invalid_input, "not one X.509 certificate");
  CertificateFacts facts;
  facts.subject = text_of(X509_get_subject_name(certificate.get()));
  facts.issuer = text_of(X509_get_issuer_name(certificate.get()));
  facts.serial = hex_of(X509_get0_serialNumber(certificate.get()));
  ASSIGN_OR_RETURN(facts.not_before, time_of(X509_get0_notBefore(certificate.get())));
  ASSIGN_OR_RETURN(facts.not_after, time_of(X509_get0_notAfter(certificate.get())));
  facts.fingerprint = base::to_hex(sha256(der));
  facts.der = std::move(der);
  ERR_clear_error();
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
