// The validation report in the form of ETSI TS 119 102-2 (clause 4, namespace http://uri.etsi.org/19102/v1.2.1#), not
// signed.
#pragma once

#include <string>

#include "signature/report/report.hpp"

namespace flow {

std::string print_etsi_report(const signature::ValidationReport& report);

}  // namespace flow
