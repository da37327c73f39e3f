#include "identity/spelling/search_form.hpp"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "identity/spelling/comparison_form.hpp"
#include "identity/spelling/unicode_text.hpp"

namespace identity {
namespace {

// Only Latin letters are changed. "Any-Latin" would also write Cyrillic in Latin letters, but by rules that look at the
// neighbours of a letter, so that a beginning would not always have a beginning of the form.
const icu::Transliterator* latin_to_ascii() {
  static const std::unique_ptr<icu::Transliterator> made = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> one(
        icu::Transliterator::createInstance("Latin-ASCII", UTRANS_FORWARD, status));
    return U_FAILURE(status) ? nullptr : std::move(one);
  }();
  return made.get();
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string search_form(std::string_view text) {
  std::string form = comparison_form(text);
  if (is_ascii(form)) return form;
  icu::UnicodeString letters = decode_utf8(form);
  if (const icu::Transliterator* plain = latin_to_ascii()) plain->transliterate(letters);
  // Apart, a syllable of Hangul that is typed by half is a beginning of the whole one.
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* apart = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status)) return encode_utf8(letters);
  const icu::UnicodeString out = apart->normalize(letters, status);
  return encode_utf8(U_FAILURE(status) ? letters : out);
}

std::vector<std::string> search_forms(std::string_view text) {
  std::vector<std::string> forms{search_form(text)};
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* composed = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status) || is_ascii(text)) return forms;
  icu::UnicodeString letters = composed->normalize(decode_utf8(text), status);
  if (U_FAILURE(status)) return forms;
  letters.findAndReplace(icu::UnicodeString(UChar32{0xe4}), icu::UnicodeString("ae"));
  letters.findAndReplace(icu::UnicodeString(UChar32{0xf6}), icu::UnicodeString("oe"));
  letters.findAndReplace(icu::UnicodeString(UChar32{0xfc}), icu::UnicodeString("ue"));
  std::string german = search_form(encode_utf8(letters));
  if (german != forms.front()) forms.push_back(std::move(german));
  return forms;
}

std::vector<std::string> split_at_space(std::string_view text) {
  const icu::UnicodeString all = decode_utf8(text);
  std::vector<std::string> pieces;
  icu::UnicodeString piece;
  const auto finish = [&] {
    if (!piece.isEmpty()) pieces.push_back(encode_utf8(piece));
    piece.remove();
  };
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    const UChar32 c = all.char32At(i);
    if (u_isUWhiteSpace(c)) {
      finish();
    } else {
      piece.append(c);
    }
  }
  finish();
  return pieces;
}

}  // namespace identity
