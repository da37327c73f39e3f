// Time-stamp tokens (RFC 3161, profile EN 319 422). The authority's key may live anywhere: it is called for the value
// only. Tokens are read and verified by their octets alone: no path, no revocation, no clock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

inline constexpr std::size_t largest_timestamp_token = std::size_t{256} * 1024;

/// Accuracy of RFC 3161 §2.4.2: 0 = not said.
struct TimestampAccuracy {
  std::int64_t seconds = 0;
  std::int64_t milliseconds = 0;  // below 1000
  std::int64_t microseconds = 0;  // below 1000
};

/// What one token says (TSTInfo).
struct TimestampInfo {
  std::string policy;  // OID, dotted
  DigestKind digest_kind = DigestKind::sha256;
  base::Bytes imprint;  // digest
  base::Bytes serial;   // positive, most significant octet first, at most 20 octets
  base::Time at;
  TimestampAccuracy accuracy;
  bool is_ordered = false;
  base::Bytes nonce;      // content octets of the INTEGER as they stood in the request; "" = none
  std::string authority;  // field tsa, RFC 4514; read only: "" = not said
};

/// Whose key signs the tokens.
struct TimestampSigner {
  base::Bytes certificate;         // DER
  std::vector<base::Bytes> chain;  // above it, DER; sent when the request asks for certificates
  SignatureAlgorithm algorithm;
  /// The value over the octets: ECDSA as DER.
  std::function<base::Result<base::Bytes>(base::BytesView)> sign;
};

/// The token, ContentInfo, DER, with signing-certificate-v2 (EN 319 422 §5.2.2). `with_certificates`: certReq.
/// Errors: invalid_input (certificate unreadable, an info that cannot be encoded) and those of `sign`.
base::Result<base::Bytes> make_timestamp_token(const TimestampInfo& info, const TimestampSigner& signer,
                                               bool with_certificates);

/// Why a token proves nothing, by its octets alone.
enum class TimestampFlaw : std::uint8_t {
  none,
  malformed,          // not a token of RFC 3161
  no_certificate,     // the signer's certificate is not there
  wrong_certificate,  // the reference (ESS) is missing, or names another one
  not_an_authority,   // extendedKeyUsage is not timeStamping alone and critical (§2.3)
  unknown_algorithm,  // of the signature
  wrong_digest,       // the signed attributes do not belong to the info
  wrong_signature,
};
std::string_view name_of(TimestampFlaw flaw);

struct TimestampFacts {
  TimestampInfo info;
  base::Bytes certificate;                // of the signer, DER; "" = none
  std::vector<base::Bytes> certificates;  // embedded, DER
  std::vector<base::Bytes> lists;         // CRLs, DER
  std::vector<base::Bytes> ocsp_answers;  // DER
  std::optional<SignatureAlgorithm> algorithm;
  std::string algorithm_name;
  DigestKind reference_digest = DigestKind::sha256;
  TimestampFlaw flaw = TimestampFlaw::none;
  std::string reason;  // for log and tests
};
/// Reads and verifies the value. `others`: certificates from elsewhere among which that of the signer may be.
/// Never fails: `flaw` says why a token is none. It does not compare the imprint with anything.
TimestampFacts read_timestamp_token(base::BytesView token, const std::vector<base::Bytes>& others = {});

/// What the token says, without a look at its signature. Errors: invalid_input.
base::Result<TimestampInfo> read_timestamp_info(base::BytesView token);

}  // namespace crypto
