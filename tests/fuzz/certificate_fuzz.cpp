// The certificate that a person uploads, as DER or PEM. The first octet says whether the rest is sent unchanged or as
// PEM. What is accepted must be fit for a page and for the database, and be the same certificate when it is read from
// its own DER or PEM.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/certificate/certificate.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

bool is_for_a_page(std::string_view text) {
  return base::is_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_hexadecimal(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string pem_of(std::string_view der) {
  return "-----BEGIN CERTIFICATE-----\n" + base::to_base64(der) + "\n-----END CERTIFICATE-----\n";
}

void check(const crypto::CertificateFacts& facts) {
  demand(!facts.der.empty() && facts.der.size() <= crypto::largest_certificate);
  demand(is_for_a_page(facts.subject) && is_for_a_page(facts.issuer));
  demand(facts.subject.size() <= 1000 && facts.issuer.size() <= 1000);
  demand(is_hexadecimal(facts.serial[0] == '-' ? facts.serial.substr(1) : facts.serial));
  demand(facts.fingerprint.size() == 64 && is_hexadecimal(facts.fingerprint));
  static_cast<void>(base::to_rfc3339(facts.not_before) + base::to_rfc3339(facts.not_after));
}

void check_again(const crypto::CertificateFacts& facts, const base::Result<crypto::CertificateFacts>& again) {
  demand(again && again->der == facts.der && again->fingerprint == facts.fingerprint);
  demand(again->subject == facts.subject && again->issuer == facts.issuer && again->serial == facts.serial);
  demand(again->not_before == facts.not_before && again->not_after == facts.not_after);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto facts = crypto::parse_certificate(data[0] % 2U == 0 ? std::string(octets) : pem_of(octets));
  if (!facts) {
    demand(facts.error().code == base::Code::invalid_input);
    return 0;
  }
  check(*facts);
  check_again(*facts, crypto::parse_certificate(facts->der));
  check_again(*facts, crypto::parse_certificate("text before\n" + pem_of(facts->der) + "text behind\n"));
  return 0;
}
