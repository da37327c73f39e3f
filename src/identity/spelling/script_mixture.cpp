#include "identity/spelling/script_mixture.hpp"

#include <unicode/uchar.h>
#include <unicode/uspoof.h>

#include <memory>
#include <stdexcept>

#include "identity/spelling/unicode_text.hpp"

namespace identity {
namespace {

using Checker = std::unique_ptr<USpoofChecker, decltype(&uspoof_close)>;

Checker make_checker() {
  UErrorCode status = U_ZERO_ERROR;
  Checker checker(uspoof_open(&status), &uspoof_close);
  uspoof_setChecks(checker.get(), USPOOF_RESTRICTION_LEVEL, &status);
  uspoof_setRestrictionLevel(checker.get(), USPOOF_SINGLE_SCRIPT_RESTRICTIVE);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no data about scripts");
  return checker;
}

bool is_mixed(const icu::UnicodeString& word) {
  // Thread-safe once it is made (uspoof.h).
  static const Checker checker = make_checker();
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t flaws = uspoof_check(checker.get(), word.getBuffer(), word.length(), nullptr, &status);
  return U_FAILURE(status) || flaws != 0;
}

}  // namespace

bool mixes_scripts(std::string_view text) {
  const icu::UnicodeString all = decode_utf8(text);
  icu::UnicodeString word;
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    const UChar32 c = all.char32At(i);
    const bool is_of_word = u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
    if (is_of_word) word.append(c);
    const bool is_end = !is_of_word || all.moveIndex32(i, 1) >= all.length();
    if (!is_end || word.isEmpty()) continue;
    if (is_mixed(word)) return true;
    word.remove();
  }
  return false;
}

}  // namespace identity
