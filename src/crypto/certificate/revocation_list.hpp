// Lists of revoked certificates (CRL, RFC 5280 §5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/issue.hpp"

namespace crypto {

/// CRLReason (RFC 5280 §5.3.1), without those that can be undone.
enum class RevocationReason : std::uint8_t {
  unspecified,
  key_compromise,
  affiliation_changed,
  superseded,
  cessation_of_operation,
  privilege_withdrawn,
};
inline constexpr std::array all_revocation_reasons{
    RevocationReason::unspecified, RevocationReason::key_compromise,         RevocationReason::affiliation_changed,
    RevocationReason::superseded,  RevocationReason::cessation_of_operation, RevocationReason::privilege_withdrawn};
/// "key_compromise"
std::string_view name_of(RevocationReason reason);
/// Errors: invalid_input.
base::Result<RevocationReason> parse_revocation_reason(std::string_view name);

struct RevokedSerial {
  std::string serial;  // hexadecimal
  base::Time at;
  RevocationReason reason = RevocationReason::unspecified;
};

struct RevocationListTemplate {
  std::int64_t number = 0;
  std::optional<std::int64_t> base_number{};  // a delta list says what changed since that complete list
  base::Time this_update;
  base::Time next_update;
  std::vector<RevokedSerial> revoked;
  std::string list_url;   // issuing distribution point; "" = none
  std::string delta_url;  // freshest CRL, in a complete list; "" = none
};
/// Signed, DER. Errors: invalid_input (serial, URL), conflict (key not of the certificate).
base::Result<base::Bytes> make_revocation_list(const RevocationListTemplate& wanted, const Issuer& issuer);

struct RevocationListFacts {
  std::string issuer;  // RFC 4514
  base::Time this_update;
  std::optional<base::Time> next_update;
  std::optional<std::int64_t> number;  // nullopt: none, or larger than 63 bits
  bool is_delta = false;
  std::size_t entries = 0;
};
/// DER or PEM. Errors: invalid_input (too large, unreadable, octets behind it).
base::Result<RevocationListFacts> read_revocation_list(base::BytesView octets);
/// DER of a list in DER or PEM. Errors: invalid_input.
base::Result<base::Bytes> revocation_list_der(base::BytesView octets);
/// Whether `issuer` (a certificate, DER) has signed the list with a strong digest. Errors: invalid_input.
base::Result<bool> is_signed_by(base::BytesView list, base::BytesView issuer);

}  // namespace crypto
