// EN 319 102-1 clause 5.6.2.3, "POE extraction": since when signature and time stamps are proven to have existed.
#pragma once

#include <optional>
#include <vector>

#include "base/time.hpp"
#include "signature/report/report.hpp"

namespace signature {

/// Proofs of existence, the earliest of each. What has none exists since the present.
struct Existence {
  std::optional<base::Time> signature;  // of its value, and so of all that is signed
  std::vector<std::optional<base::Time>> timestamps;
  /// Of what the signature refers to: certificates and answers about revocation. It proves nothing about the signature.
  std::optional<base::Time> references{};
};

struct StampedAt {
  TimestampNote::Kind kind;
  base::Time at;
  std::vector<std::size_t> covers{};  // one for the archive: the time stamps that it covers
};
/// Adds what `all[passed]`, a time stamp that was validated, proves: one over the signature proves the signature; one
/// for the archive proves the signature and every older time stamp that it covers; one over the content nothing about
/// the signature, and one over references only that they are so old.
void extract_existence(const std::vector<StampedAt>& all, std::size_t passed, Existence& existence);

}  // namespace signature
