#include "identity/spelling/comparison_form.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <utility>

#include "identity/spelling/unicode_text.hpp"

namespace identity {
namespace {

icu::UnicodeString in_form(const icu::Normalizer2* form, UErrorCode status, const icu::UnicodeString& text) {
  if (U_FAILURE(status)) return {};
  icu::UnicodeString out = form->normalize(text, status);
  return U_FAILURE(status) ? icu::UnicodeString() : out;
}

icu::UnicodeString without_marks(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString apart = in_form(icu::Normalizer2::getNFDInstance(status), status, text);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < apart.length(); i = apart.moveIndex32(i, 1)) {
    const UChar32 c = apart.char32At(i);
    const int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || is_invisible(static_cast<char32_t>(c))) continue;
    kept.append(c);
  }
  status = U_ZERO_ERROR;
  return in_form(icu::Normalizer2::getNFCInstance(status), status, kept);
}

// Letters that have no decomposition, although people often type their plain form.
constexpr std::array<std::pair<UChar32, char>, 8> plain_letters{
    {{0x142, 'l'}, {0x141, 'L'}, {0xf8, 'o'}, {0xd8, 'O'}, {0x111, 'd'}, {0x110, 'D'}, {0x131, 'i'}, {0xdf, 's'}}};

char plain_letter(UChar32 c) {
  const auto* const found = std::find_if(plain_letters.begin(), plain_letters.end(),
                                         [c](const std::pair<UChar32, char>& entry) { return entry.first == c; });
  return found == plain_letters.end() ? '\0' : found->second;
}

}  // namespace

bool is_invisible(char32_t c) {
  const auto point = static_cast<UChar32>(c);
  const int8_t type = u_charType(point);
  return type == U_CONTROL_CHAR || type == U_FORMAT_CHAR || type == U_PRIVATE_USE_CHAR || type == U_UNASSIGNED ||
         type == U_SURROGATE || u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

bool has_space_or_invisible(std::string_view text) {
  const icu::UnicodeString all = decode_utf8(text);
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    const UChar32 c = all.char32At(i);
    if (u_isUWhiteSpace(c) || is_invisible(static_cast<char32_t>(c))) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  const icu::UnicodeString all = decode_utf8(text);
  std::size_t before = 0;
  std::size_t after = 0;
  const auto octets = [](UChar32 c) -> std::size_t { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; };
  std::int32_t first = 0;
  std::int32_t last = all.length();
  for (; first < last && u_isUWhiteSpace(all.char32At(first)); ++first) before += octets(all.char32At(first));
  for (; last > first && u_isUWhiteSpace(all.char32At(last - 1)); --last) after += octets(all.char32At(last - 1));
  return text.substr(before, text.size() - before - after);
}

std::string comparison_form(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* fold = icu::Normalizer2::getNFKCCasefoldInstance(status);
  // Marks are dropped before folding too, because folding "İ" adds a combining dot above.
  return encode_utf8(without_marks(in_form(fold, status, without_marks(decode_utf8(text)))));
}

std::string reversed(std::string_view text) {
  const icu::UnicodeString forwards = decode_utf8(text);
  icu::UnicodeString backwards;
  for (std::int32_t i = forwards.length(); i > 0;) {
    i = forwards.moveIndex32(i, -1);
    backwards.append(forwards.char32At(i));
  }
  return encode_utf8(backwards);
}

std::vector<std::string> words_of(std::string_view text, std::size_t least) {
  const icu::UnicodeString all = decode_utf8(text);
  std::vector<std::string> words;
  icu::UnicodeString word;
  const auto finish = [&] {
    if (!word.isEmpty() && static_cast<std::size_t>(word.countChar32()) >= least) words.push_back(encode_utf8(word));
    word.remove();
  };
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    const UChar32 c = all.char32At(i);
    const int8_t type = u_charType(c);
    const bool inside = u_isalnum(c) || type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
    if (inside) {
      word.append(c);
    } else {
      finish();
    }
  }
  finish();
  return words;
}

std::string estimation_form(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* compatible = icu::Normalizer2::getNFKCInstance(status);
  const icu::UnicodeString plain = without_marks(in_form(compatible, status, decode_utf8(text)));
  std::string octets;
  std::vector<UChar32> seen;
  for (std::int32_t i = 0; i < plain.length(); i = plain.moveIndex32(i, 1)) {
    const UChar32 c = plain.char32At(i);
    if (c < 0x80) {
      octets += static_cast<char>(c);
    } else if (const char letter = plain_letter(c); letter != '\0') {
      octets += letter;
    } else {
      auto at = std::find(seen.begin(), seen.end(), c);
      if (at == seen.end()) at = seen.insert(seen.end(), c);
      octets += static_cast<char>(0x80 + (at - seen.begin()) % 0x80);
    }
  }
  return octets;
}

std::string ascii_form(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString typed = in_form(icu::Normalizer2::getNFKCInstance(status), status, decode_utf8(text));
  icu::UnicodeString out;
  for (std::int32_t i = 0; i < typed.length(); i = typed.moveIndex32(i, 1)) {
    const UChar32 c = typed.char32At(i);
    const int8_t type = u_charType(c);
    if (type == U_DECIMAL_DIGIT_NUMBER) {
      out.append(static_cast<UChar32>('0' + u_charDigitValue(c)));
    } else if (type == U_DASH_PUNCTUATION || c == 0x2212) {
      out.append(static_cast<UChar32>('-'));
    } else if (u_isUWhiteSpace(c) && type == U_SPACE_SEPARATOR) {
      out.append(static_cast<UChar32>(' '));
    } else if (type == U_FORMAT_CHAR) {
      continue;  // direction marks that address books leave around numbers
    } else {
      out.append(c);
    }
  }
  return encode_utf8(out);
}

}  // namespace identity
