// EN 319 102-1 clause 5.6.2.4, "Past signature validation": a signature or time stamp that is undecided now, and that
// is proven to have existed while certificate and algorithms were good.
#pragma once

#include <functional>

#include "signature/validation/x509_chain.hpp"

namespace signature {

/// Whether a proof of existence can help: the sub-indications of clause 5.5.4 step 1.
bool can_existence_help(const Verdict& verdict);

struct PastQuestion {
  base::BytesView certificate;
  ChainPurpose purpose = ChainPurpose::signature;
  Verdict current;                                                 // at the time of the validation
  base::Time existed;                                              // proof of existence of the signature's value
  std::function<AlgorithmJudgement(base::Time)> judge_algorithms;  // of the signature itself
};
/// Passed; TOTAL-FAILED with NOT_YET_VALID: it existed before its certificate; else the current verdict.
Verdict validate_past_signature(const ValidationRun& run, const PastQuestion& question);

}  // namespace signature
