// Names in documents of others as people may see them: what would turn the direction of text, or would not be seen, is
// written out, so that a name on a page cannot look like another one (Unicode TR 36 §2.5, TR 9).
#pragma once

#include <string>
#include <string_view>

#include "signature/report/report.hpp"

namespace signature {

/// "invoice[U+202E]fdp.exe": marks of direction, control characters, and what has no shape of its own, by their code
/// points. Joiners stay, because some scripts need them. `text`: UTF-8; octets that are none are written as "[FF]".
std::string make_visible(std::string_view text);
/// Every text in the report that comes from the document or a certificate.
void make_visible(SignatureReport& report);

}  // namespace signature
