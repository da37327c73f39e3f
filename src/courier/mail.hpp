// A mail as octets: RFC 5322 with MIME (RFC 2045–2047), multipart/alternative of text and HTML. Pure: date, id and
// boundary come in. No field can bring a header or a part of its own: CR, LF, NUL and other controls are refused.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "courier/deliver.hpp"
#include "remote/smtp_client.hpp"

namespace courier {

struct Mail {
  std::string from_name;  // UTF-8, may be empty
  std::string from;       // mailboxes in ASCII, without angle brackets
  std::string to;
  std::string reply_to;    // empty = none
  std::string subject;     // UTF-8
  std::string text;        // UTF-8, lines end with LF or CRLF
  std::string html;        // empty = text only
  std::string message_id;  // "left@domain", without angle brackets
  base::Time date;
  std::string language;        // "de"; empty = unsaid
  bool auto_submitted = true;  // RFC 3834 §5: no holiday replies, please
};

/// Lines ended by CRLF, 7 bits, at most 78 octets unless an address is longer. `boundary`: 1 to 60 letters and digits,
/// told by the caller. Errors: invalid_input (names the field, never its value).
base::Result<std::string> build_message(const Mail& mail, std::string_view boundary);

/// One try. `envelope_sender`: where bounces go, may be empty (RFC 5321 §4.5.5).
Delivery send_mail(const remote::SmtpClient& client, const Mail& mail, std::string_view envelope_sender,
                   std::string_view boundary);

/// RFC 2045 §6.7; `text` with LF or CRLF, the result ends with CRLF.
std::string to_quoted_printable(std::string_view text);
/// The value of a header after "Name: ": as it is if it is short printable ASCII, else encoded words (RFC 2047 §5)
/// of at most 64 octets, folded between code points.
std::string encode_header_text(std::string_view text);

}  // namespace courier
