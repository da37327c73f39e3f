// What a validation is given beside the signature itself, and what it says it lacks. Nothing here fetches anything: the
// caller has read, cached and fetched before, and may do so again for what is wanted.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace signature {

/// One list (CRL) or one answer (OCSP), DER.
struct RevocationSource {
  base::Bytes octets;
  bool is_list = true;
  std::string from;    // "embedded", "given", "fetched", "own"
  base::Bytes mark{};  // SHA-256 of the octets, by which results are kept; the validation computes it
};

struct Material {
  std::vector<base::Bytes> certificates;       // of authorities, beyond what the document has in it; DER
  std::vector<base::Bytes> signature_anchors;  // trusted for signatures, DER
  std::vector<base::Bytes> timestamp_anchors;  // trusted for time stamps, DER
  std::vector<RevocationSource> revocation;
};

struct Moment {
  base::Time at;   // for which it is judged: the present, or a time in the past at which the document is known to have
                   // existed
  base::Time now;  // the present: what is later has not happened
};

/// A certificate whose path ends at an anchor, and about which nothing says enough.
struct WantedRevocation {
  base::Bytes certificate;
  base::Bytes issuer;
  bool operator==(const WantedRevocation&) const = default;
};

}  // namespace signature
