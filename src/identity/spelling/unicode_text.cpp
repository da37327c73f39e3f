#include "identity/spelling/unicode_text.hpp"

#include "base/bytes.hpp"

namespace identity {

icu::UnicodeString decode_utf8(std::string_view text) {
  if (!base::is_utf8(text)) return {};
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string encode_utf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

}  // namespace identity
