// Encodings of one octet a character, by POSIX iconv: documents of before UTF-8 was usual. Only those whose first half
// is ASCII, so that a tag is the same octets in each of them, and no text can be a tag in one reading only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "xml/source_text.hpp"

namespace xml {

/// The encoding of one octet a character that a declaration names, in any case of letters. nullopt: another one.
std::optional<Encoding> find_charset(std::string_view declared);
/// UTF-8. nullopt: octets that stand for no character there, or for which browsers and parsers read different ones
/// (0x80 to 0x9F in ISO-8859).
std::optional<std::string> from_charset(base::BytesView octets, Encoding encoding);
/// What the encoding has no octet for becomes a character reference, which is the same text in content and in values.
base::Bytes to_charset(std::string_view utf8, Encoding encoding);

}  // namespace xml
