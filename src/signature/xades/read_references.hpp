// References of a ds:SignedInfo: where each leads, whether its digest is right, and what the signature therefore
// covers. For this corridor only.
#pragma once

#include <vector>

#include "signature/xades/reading.hpp"

namespace signature {

/// Fills the view's data found, digests, scope, packaging and transforms. `keeps_octets`: for time stamps over
/// contents.
std::vector<ReadReference> read_references(Reading& reading, const SignatureParts& parts, bool keeps_octets,
                                           SignatureView& view);

}  // namespace signature
