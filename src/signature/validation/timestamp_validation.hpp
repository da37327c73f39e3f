// EN 319 102-1 clause 5.4, "Time-stamp validation building block": a time stamp is a signature of its own, with anchors
// of its own; it proves something only if it covers what it should.
#pragma once

#include <optional>
#include <vector>

#include "crypto/cms/timestamp_token.hpp"
#include "signature/form/signature_view.hpp"
#include "signature/validation/poe.hpp"
#include "signature/validation/x509_chain.hpp"

namespace signature {

struct ReadTimestamp {
  const TimestampView* view = nullptr;
  crypto::TimestampFacts facts;
};
/// All tokens of the signature, each read once; their certificates and answers join those at hand.
std::vector<ReadTimestamp> read_timestamps(const SignatureView& view, ValidationRun& run);

struct TimestampFindings {
  std::vector<TimestampNote> notes;  // as `all`
  Existence existence;               // what those that passed prove
};
/// The newest first, because each proves the existence of older ones (clause 5.6.3).
TimestampFindings validate_timestamps(ValidationRun& run, const std::vector<ReadTimestamp>& all);

/// One alone, at the time of the validation: format, certificate, imprint, value, path, algorithms, policy.
Verdict validate_timestamp(ValidationRun& run, const ReadTimestamp& stamp);

}  // namespace signature
