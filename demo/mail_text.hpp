// What a person sees of a mail: its sender, its subject and its plain text (RFC 5322, RFC 2045–2047), as far as our own
// courier and usual mail programs write it.
#pragma once

#include <string>
#include <string_view>

namespace demo {

struct MailText {
  std::string from;  // "Clinic <login@clinic.example>"; "" if the mail does not say it
  std::string subject;
  std::string text;
};

/// Never fails: what cannot be decoded is shown as it came, octets that are not UTF-8 as "?".
MailText read_mail(std::string_view mail);

}  // namespace demo
