// Text as it stands in canonical XML (RFC 3076 §2.3), for those who write XML by appending.
#pragma once

#include <string>
#include <string_view>

namespace xml {

/// Whether every character may stand in XML 1.0 (production 2), and the text is UTF-8.
bool is_text(std::string_view text);
/// Content of an element.
std::string escape_text(std::string_view text);
/// Value of an attribute, without its quotes.
std::string escape_value(std::string_view text);

}  // namespace xml
