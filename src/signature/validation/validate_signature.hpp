// EN 319 102-1 clause 5.6.3, "Validation process for Signatures providing Long Term Availability and Integrity of
// Validation Material", and around it the report: the whole validation of one signature and of a document. Rules only:
// no clock, no file, no socket.
#pragma once

#include <vector>

#include "signature/form/signature_view.hpp"
#include "signature/policy/validation_policy.hpp"
#include "signature/report/report.hpp"
#include "signature/validation/material.hpp"

namespace signature {

struct ValidatedSignature {
  SignatureReport report;
  std::vector<WantedRevocation> wanted;  // what might make more of it
};
ValidatedSignature validate_signature(const SignatureView& view, const Material& material,
                                      const ValidationPolicy& policy, Moment moment);

struct ValidatedDocument {
  ValidationReport report;  // without name and digest of the document
  std::vector<WantedRevocation> wanted;
};
/// All signatures and counter-signatures, each by itself. A document that cannot be read is TOTAL-FAILED with
/// FORMAT_FAILURE and the reader's reason.
ValidatedDocument validate_document(const DocumentView& document, const Material& material,
                                    const ValidationPolicy& policy, Moment moment);

}  // namespace signature
