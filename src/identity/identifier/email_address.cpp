#include "identity/identifier/email_address.hpp"

#include <unicode/idna.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

#include "base/bytes.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

constexpr std::size_t longest_typed = 1024;
constexpr std::size_t longest_local = 64;     // RFC 5321 §4.5.3.1.1
constexpr std::size_t longest_address = 254;  // RFC 5321 §4.5.3.1.3, less the angle brackets

const icu::IDNA* idna() {
  static const std::unique_ptr<icu::IDNA> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<icu::IDNA>(
        icu::IDNA::createUTS46Instance(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                           UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                                       status));
  }();
  return instance.get();
}

bool is_atext(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// RFC 5321: Dot-string = Atom *("." Atom); RFC 6531 adds what is not ASCII.
bool is_dot_string(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) {
    return false;
  }
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '.' || is_atext(c) || static_cast<unsigned char>(c) >= 0x80; });
}

base::Result<std::string> canonical_domain(std::string_view typed) {
  const icu::IDNA* rules = idna();
  if (rules == nullptr) return base::fail(base::Code::internal, "ICU has no UTS 46");
  UErrorCode status = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  rules->nameToASCII_UTF8(icu::StringPiece(typed.data(), static_cast<std::int32_t>(typed.size())), sink, info, status);
  if (U_FAILURE(status) || info.hasErrors()) return base::fail(base::Code::invalid_input, "not a domain name");
  const std::size_t last_dot = ascii.rfind('.');
  if (last_dot == std::string::npos || last_dot + 1 == ascii.size()) {
    return base::fail(base::Code::invalid_input, "a domain of mail has two labels or more");
  }
  // An all-numeric last label would be an address, not a name (RFC 3696 §2).
  if (ascii.find_first_not_of("0123456789", last_dot + 1) == std::string::npos) {
    return base::fail(base::Code::invalid_input, "a domain that ends in digits");
  }
  return ascii;
}

}  // namespace

base::Result<EmailAddress> parse_email_address(std::string_view typed) {
  if (typed.size() > longest_typed || !base::is_utf8(typed)) {
    return base::fail(base::Code::invalid_input, "an address is not UTF-8 or too long");
  }
  typed = trimmed(typed);
  const std::size_t at = typed.rfind('@');
  if (at == std::string_view::npos) return base::fail(base::Code::invalid_input, "an address without @");
  if (has_space_or_invisible(typed)) {
    return base::fail(base::Code::invalid_input, "an address has no white space and no invisible characters");
  }
  const std::string_view local = typed.substr(0, at);
  if (local.size() > longest_local || !is_dot_string(local)) {
    return base::fail(base::Code::invalid_input, "not the local part of an address");
  }
  ASSIGN_OR_RETURN(const std::string folded_local, folded(local));
  // Full-width letters may hide an @ or a dot; the canonical form must be a local part too.
  if (folded_local.size() > longest_typed || !is_dot_string(folded_local)) {
    return base::fail(base::Code::invalid_input, "not the local part of an address");
  }
  ASSIGN_OR_RETURN(std::string domain, canonical_domain(typed.substr(at + 1)));
  if (local.size() + 1 + domain.size() > longest_address) {
    return base::fail(base::Code::invalid_input, "an address longer than 254 octets");
  }
  return EmailAddress{std::string(typed), folded_local + "@" + domain, std::string(local), std::move(domain)};
}

std::string display_domain(std::string_view a_labels) {
  const icu::IDNA* rules = idna();
  UErrorCode status = U_ZERO_ERROR;
  icu::IDNAInfo info;
  std::string letters;
  icu::StringByteSink<std::string> sink(&letters);
  if (rules != nullptr) {
    rules->nameToUnicodeUTF8(icu::StringPiece(a_labels.data(), static_cast<std::int32_t>(a_labels.size())), sink, info,
                             status);
  }
  return rules == nullptr || U_FAILURE(status) || info.hasErrors() ? std::string(a_labels) : letters;
}

}  // namespace identity
