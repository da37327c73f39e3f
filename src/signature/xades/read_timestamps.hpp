// Time stamps of a XAdES signature and the octets that each must have stamped (EN 319 132-1 §5.2.8, §5.3, §5.5;
// TS 101 903 §7.3, §7.5, §8.2). For this corridor only.
#pragma once

#include <vector>

#include "signature/xades/reading.hpp"

namespace signature {

/// Whether a property of the signature stamps its contents, so that their octets have to be kept.
bool stamps_contents(const SignatureParts& parts);
void read_timestamps(Reading& reading, const SignatureParts& parts, const std::vector<ReadReference>& references,
                     SignatureView& view);

}  // namespace signature
