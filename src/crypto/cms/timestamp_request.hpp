// The two messages of the time-stamp protocol (RFC 3161 §2.4), for an authority and for its client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cms/timestamp_token.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

inline constexpr std::size_t largest_timestamp_request = std::size_t{4} * 1024;

struct TimestampRequest {
  DigestKind digest_kind = DigestKind::sha256;
  base::Bytes imprint;
  std::string policy;  // OID, dotted; "" = the authority chooses
  base::Bytes nonce;   // content octets of the INTEGER; "" = none
  bool wants_certificates = false;
};

/// PKIFailureInfo of RFC 3161 §2.4.2; the values are numbers of bits.
enum class TimestampFailure : std::uint8_t {
  bad_alg = 0,
  bad_request = 2,
  bad_data_format = 5,
  time_not_available = 14,
  unaccepted_policy = 15,
  unaccepted_extension = 16,
  add_info_not_available = 17,
  system_failure = 25,
};
/// "badAlg"
std::string_view name_of(TimestampFailure failure);

struct ParsedTimestampRequest {
  std::optional<TimestampRequest> request;
  TimestampFailure failure = TimestampFailure::bad_data_format;  // why there is none
  std::string reason;
};
/// DER. Extensions are not accepted, and of digests only those of `DigestKind`; which of them an authority takes is its
/// own rule.
ParsedTimestampRequest parse_timestamp_request(base::BytesView der);
/// DER. Errors: invalid_input (imprint, policy or nonce that cannot be encoded).
base::Result<base::Bytes> make_timestamp_request(const TimestampRequest& request);
/// Eight random octets as a positive INTEGER.
base::Bytes make_nonce();

/// TimeStampResp with status granted.
base::Bytes grant_timestamp(base::BytesView token);
/// TimeStampResp with status rejection. `text`: English, for people who read logs.
base::Bytes refuse_timestamp(TimestampFailure failure, std::string_view text);

/// The token that answers the request: status, imprint, nonce and policy are those of the request, and the token is
/// right by its octets (read_timestamp_token). `others`: certificates of the authority, if it sends none.
/// Errors: invalid_input (not a response, or a token that is wrong), denied (the authority refuses; the reason has its
/// failInfo and text), conflict (a token for something else).
base::Result<base::Bytes> read_timestamp_response(base::BytesView response, const TimestampRequest& request,
                                                  const std::vector<base::Bytes>& others = {});

}  // namespace crypto
