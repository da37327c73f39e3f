// Judges a time stamp that stands alone (RFC 3161) by EN 319 102-1 clause 5.4, as the time stamps in signatures are: by
// the policy, with the authorities that are trusted for time stamps, and with what is known about revocation.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/cms/timestamp_token.hpp"
#include "flow/house/house.hpp"
#include "signature/report/report.hpp"

namespace flow {

struct TimestampQuestion {
  base::BytesView token;                      // ContentInfo, DER
  std::optional<base::BytesView> document{};  // what it is said to be about
  std::optional<base::Bytes> digest{};        // the same by its digest, in the token's algorithm
  std::string policy{};                       // "" = that of the installation
  base::Id tenant_id{};                       // whose trust counts; the first one's if it is empty
};
struct JudgedTimestamp {
  crypto::TimestampFacts facts;  // what the token says
  std::string authority;         // common name of its certificate, or the whole name; "" = it has none
  signature::Verdict verdict;
  std::string policy;  // by which it was judged
};
/// Neither document nor digest: what it is about is not judged. It may wait for other servers. Errors: not_found (there
/// is no such policy), unavailable.
base::Result<JudgedTimestamp> verify_timestamp(const House& house, const TimestampQuestion& question, base::Time now);

}  // namespace flow
