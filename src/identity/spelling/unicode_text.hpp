// Between UTF-8 and the strings of ICU.
#pragma once

#include <unicode/unistr.h>

#include <string>
#include <string_view>

namespace identity {

/// Empty if the octets are not UTF-8.
icu::UnicodeString decode_utf8(std::string_view text);
std::string encode_utf8(const icu::UnicodeString& text);

}  // namespace identity
