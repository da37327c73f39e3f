// EN 319 102-1 clause 5.2.7, "Cryptographic verification": the signed data are there, their digests are right, and so
// is the signature's value.
#pragma once

#include "signature/form/signature_view.hpp"
#include "signature/report/report.hpp"

namespace signature {

/// Passed; INDETERMINATE with SIGNED_DATA_NOT_FOUND; TOTAL-FAILED with HASH_FAILURE or SIG_CRYPTO_FAILURE, in this
/// order. An algorithm that this program does not know is INDETERMINATE with CRYPTO_CONSTRAINTS_FAILURE.
Verdict verify_cryptographically(const SignatureView& view);

/// The same apart from any verdict, also of a signature whose certificate is not known. Not of one whose form was
/// refused, unless its value is wrong.
Cryptographic summarize_cryptographic(const SignatureView& view);

}  // namespace signature
