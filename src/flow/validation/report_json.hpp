// The validation report as JSON: the form of the API and of downloads (members as in docs/connect/verify.md), and the
// form in which it is kept for a short time. What is printed can be read again without loss.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "signature/report/report.hpp"
#include "text/language.hpp"

namespace flow {

/// `language`: of the sentences in "messages". `content_name`: what the document beside the signature is called; "" =
/// not said, or there is none.
std::string print_report(const signature::ValidationReport& report, text::Language language,
                         const std::string& content_name = {});
/// What print_report gave. Errors: internal (it is something else).
base::Result<signature::ValidationReport> read_report(std::string_view json);
/// The `content_name` that print_report was given. Errors: internal.
base::Result<std::string> read_content_name(std::string_view json);

}  // namespace flow
