// Sender, subject, text and HTML of a mail (RFC 5322, RFC 2045–2047), as far as Chancery and usual mail programs write
// them.
#pragma once

#include <string>
#include <string_view>

namespace demo {

struct MailText {
  std::string from;  // "Clinic <login@clinic.example>"; "" if the mail does not say it
  std::string subject;
  std::string text;
  std::string html;  // "" = the mail has text alone
};

/// Never fails: text that cannot be decoded is given as received, octets that are not UTF-8 as "?".
MailText read_mail(std::string_view mail);

}  // namespace demo
