// E-mail addresses: RFC 5321 §4.1.2 Mailbox without quoted strings and literals, RFC 6531 for letters beyond ASCII,
// domains by UTS 46 (non-transitional). Each address has one canonical form; "info+sales@" and "info@" differ (S2.5).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

struct EmailAddress {
  std::string display;    // as typed, without white space around: only the recipient's server interprets the local part
  std::string canonical;  // for uniqueness: local part in NFKC_Casefold, domain in lower-case A-labels
  std::string local;      // as typed
  std::string domain;     // lower-case A-labels, "xn--mnchen-3ya.de"
  /// For the envelope of SMTP: the local part as typed, the domain in ASCII.
  [[nodiscard]] std::string for_delivery() const { return local + "@" + domain; }
  /// The local part before its first '+': where "redirect to the main account" looks.
  [[nodiscard]] std::string_view without_tag() const { return std::string_view(local).substr(0, local.find('+')); }
  [[nodiscard]] bool is_pseudo() const { return local.find('+') != std::string::npos; }
};

/// Local part at most 64 octets, all at most 254; at least two labels, the last not numeric; no white space, control
/// or invisible characters (so no header can be smuggled in). Errors: invalid_input.
base::Result<EmailAddress> parse_email_address(std::string_view typed);

/// The domain in the letters of its language, for pages: "münchen.de".
std::string display_domain(std::string_view a_labels);

}  // namespace identity
