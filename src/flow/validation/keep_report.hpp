// Keeps a report for its reader, for `validation.keep_reports`: the page after a validation can be loaded again, and
// the report downloaded, by whoever has its address. The document is not kept; what the files are called is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "signature/report/report.hpp"

namespace flow {

/// Gives the last part of its address: 43 characters base64url of an id and a secret, 16 octets each. `content_name`:
/// as the document beside the signature was called, any text; "" = not said. Errors: unavailable.
base::Result<std::string> keep_report(const House& house, const signature::ValidationReport& report,
                                      std::string_view content_name, base::Time now);
struct FoundReport {
  signature::ValidationReport report;
  std::string content_name;  // made visible (make_visible); "" = not known
  base::Time until;          // when it is gone
};
/// nullopt: there is none of the address, or its time is over. Errors: unavailable, internal.
base::Result<std::optional<FoundReport>> find_report(const House& house, std::string_view address, base::Time now);

}  // namespace flow
