// EN 319 102-1 clause 5.2.5, "Revocation freshness checker", with what comes before it: which of the sources at hand
// says something that counts about a certificate of a path.
//
//   future, weak, unauthorised, about another one ─> does not count      revoked ─> counts, however old
//   on hold ─> the newest decides      good ─> the newest; fresh by the policy, else "stale"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/signing/revocation_finding.hpp"
#include "signature/validation/validation_run.hpp"

namespace signature {

struct RevocationStatus {
  enum class State : std::uint8_t {
    good,
    revoked,  // at or before the time
    on_hold,
    stale,          // good, but too old for the time
    out_of_bounds,  // good, but the certificate of its signer has ended
    missing,
    not_needed,
  };
  State state = State::missing;
  std::string from;                                  // as in RevocationSource
  std::optional<crypto::RevocationFinding> finding;  // that counts
  std::string reason;  // of a source that was passed over: "revocation_weak" …; "" = none
};

/// About `path[index]`, issued by the next one. Control time: that of the question "was it good then".
RevocationStatus find_revocation(const ValidationRun& run, const std::vector<base::Bytes>& path, std::size_t index,
                                 base::Time control_time);

}  // namespace signature
