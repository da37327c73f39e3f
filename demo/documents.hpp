// Documents to be signed and verified: a letter, a referral in XML, and a document in the form of a prescription (HL7
// CDA, whose signature goes into /ClinicalDocument/ext:signatures). All that is in them is made up.
#pragma once

#include <string>

#include "base/result.hpp"

namespace demo {

/// Writes them into the folder `documents` of the data folder. Those that are there already stay as they are.
/// Errors: unavailable.
base::Result<void> write_documents(const std::string& data);

}  // namespace demo
