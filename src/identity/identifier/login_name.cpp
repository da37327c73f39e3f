#include "identity/identifier/login_name.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/bytes.hpp"
#include "identity/identifier/email_address.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "identity/spelling/script_mixture.hpp"

namespace identity {
namespace {

bool is_plain_ascii_lower(std::string_view text) {
  for (const char c : text) {
    if (c <= 0x20 || c >= 0x7f || (c >= 'A' && c <= 'Z')) return false;
  }
  return true;
}

bool is_ascii(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

base::Result<std::string> normalise(const icu::Normalizer2* form, UErrorCode made, std::string_view text) {
  UErrorCode status = made;
  if (U_FAILURE(status)) return base::fail(base::Code::internal, "ICU has no such normal form");
  const icu::UnicodeString in =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  const icu::UnicodeString out = form->normalize(in, status);
  if (U_FAILURE(status)) return base::fail(base::Code::invalid_input, "text cannot be normalised");
  std::string utf8;
  out.toUTF8String(utf8);
  return utf8;
}

// In compatible letters, with case kept: "ｊａｎ＠ｓｔｒａße.pl" is "jan@straße.pl".
base::Result<std::string> in_plain_letters(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCInstance(status);
  ASSIGN_OR_RETURN(const std::string compatible, normalise(form, status, text));
  const icu::UnicodeString all = icu::UnicodeString::fromUTF8(compatible);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    if (!is_invisible(static_cast<char32_t>(all.char32At(i)))) kept.append(all.char32At(i));
  }
  std::string utf8;
  kept.toUTF8String(utf8);
  return utf8;
}

}  // namespace

base::Result<std::string> folded(std::string_view typed) {
  // At most four octets a code point: bounds the work before anything is decoded.
  if (typed.size() > 1024 || !base::is_utf8(typed) || base::count_code_points(typed) > 256) {
    return base::fail(base::Code::invalid_input, "login is not UTF-8 or too long");
  }
  if (typed.find('\0') != std::string_view::npos) return base::fail(base::Code::invalid_input, "NUL in login");
  while (!typed.empty() && (typed.front() == ' ' || typed.front() == '\t')) typed.remove_prefix(1);
  while (!typed.empty() && (typed.back() == ' ' || typed.back() == '\t')) typed.remove_suffix(1);
  if (is_plain_ascii_lower(typed)) return std::string(typed);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
  ASSIGN_OR_RETURN(const std::string folded, normalise(form, status, typed));
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(folded);
  std::int32_t first = 0;
  std::int32_t last = text.length();
  while (first < last && u_isUWhiteSpace(text.char32At(first))) ++first;
  while (last > first && u_isUWhiteSpace(text.char32At(last - 1))) --last;
  std::string out;
  text.tempSubStringBetween(first, last).toUTF8String(out);
  return out;
}

base::Result<std::string> canonical_login(std::string_view typed) {
  ASSIGN_OR_RETURN(std::string plain, folded(typed));
  if (is_ascii(typed) || plain.find('@') == std::string::npos) return plain;
  // Folding makes "strasse" of "straße", and these are two domains, of two owners (IDNA 2008, RFC 5894 §7.2).
  if (auto address = parse_email_address(typed)) return std::move(address->canonical);
  ASSIGN_OR_RETURN(const std::string letters, in_plain_letters(typed));
  if (auto address = parse_email_address(letters)) return std::move(address->canonical);
  if (parse_email_address(plain)) return base::fail(base::Code::invalid_input, "an address by its folded form alone");
  return plain;
}

base::Result<std::string> check_login(std::string_view wished) {
  ASSIGN_OR_RETURN(const std::string plain, folded(wished));
  const std::size_t length = base::count_code_points(plain);
  if (length < 3 || length > 50) return base::fail(base::Code::invalid_input, "a login has 3 to 50 characters");
  // The folded form as well: "´" in it is a space and an accent.
  if (has_space_or_invisible(wished) || has_space_or_invisible(plain)) {
    return base::fail(base::Code::invalid_input, "a login has no white space and no invisible characters");
  }
  if (mixes_scripts(plain)) {
    return base::fail(base::Code::invalid_input, "a login has letters of one alphabet in each of its words");
  }
  return canonical_login(wished);
}

base::Result<std::string> normal_password(std::string_view typed) {
  if (typed.empty()) return base::fail(base::Code::invalid_input, "empty password");
  if (typed.size() > 512 || !base::is_utf8(typed) || base::count_code_points(typed) > 128) {
    return base::fail(base::Code::invalid_input, "password is not UTF-8 or longer than 128 code points");
  }
  if (typed.find('\0') != std::string_view::npos) return base::fail(base::Code::invalid_input, "NUL in password");
  if (is_ascii(typed)) return std::string(typed);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
  ASSIGN_OR_RETURN(std::string normal, normalise(form, status, typed));
  // Composition exclusions can make the text longer; the limit holds for what is hashed.
  if (base::count_code_points(normal) > 128) {
    return base::fail(base::Code::invalid_input, "password longer than 128 code points");
  }
  return normal;
}

}  // namespace identity
