// Whom a certificate names by a number: the attribute serialNumber of its subject (RFC 5280, ETSI EN 319 412-1 §5.1.3).
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace crypto {

/// The only serialNumber of the subject, UTF-8: "PNOPL-44051401359"; "" = none, or more than one. Errors:
/// invalid_input.
base::Result<std::string> find_subject_serial(base::BytesView der);

}  // namespace crypto
