// How values of header fields are compared and taken apart (RFC 9110 §5).
#pragma once

#include <string_view>

namespace http {

/// Letters of ASCII alone: field names, schemes and codings have no others.
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Without blanks and tabs at both ends.
std::string_view trim(std::string_view text);

}  // namespace http
