// EN 319 102-1 clause 5.3, "Validation process for Basic Signatures": the building blocks in order, at one time.
//
//   format ─> signing certificate ─> context ─> cryptographic verification ─> path ─> acceptance
//   A definite failure of the value or of a digest is told before whatever is undecided about the path.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "signature/form/signature_view.hpp"
#include "signature/validation/x509_chain.hpp"

namespace signature {

struct BasicFinding {
  Verdict verdict;
  std::vector<std::pair<std::string, Verdict>> blocks;  // those that ran, by the norm's names
  ChainFinding chain;
};
BasicFinding validate_basic_signature(ValidationRun& run, const SignatureView& view);

}  // namespace signature
