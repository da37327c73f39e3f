#include "identity/identifier/certificate_fingerprint.hpp"

#include "base/bytes.hpp"

namespace identity {

base::Result<std::string> parse_certificate_fingerprint(std::string_view typed) {
  if (typed.size() > 128) return base::fail(base::Code::invalid_input, "too long for a fingerprint");
  std::string digits(typed);
  std::erase_if(digits, [](char c) { return c == ':' || c == ' '; });
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_hex(digits));
  if (octets.size() != 32) return base::fail(base::Code::invalid_input, "a fingerprint has 32 octets");
  return base::to_hex(octets);
}

}  // namespace identity
