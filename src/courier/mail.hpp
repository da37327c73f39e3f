// A mail as octets: RFC 5322 with MIME (RFC 2045–2047), multipart/alternative of text and HTML. The caller gives date,
// identifier and boundary, so that the result depends on the arguments only. No field can add a header or a part: CR,
// LF, NUL and other control characters are refused.
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
  std::string language;        // "de"; empty = no Content-Language
  bool auto_submitted = true;  // RFC 3834 §5: asks for no automatic replies
};

/// Every line is 7-bit, ends with CRLF and has at most 78 octets; only a long address makes it longer. `boundary`: 1 to
/// 60 letters and digits. Errors: invalid_input (the reason names the field, never its value).
base::Result<std::string> build_message(const Mail& mail, std::string_view boundary);

/// One try to deliver. `envelope_sender`: the mailbox that gets bounces; may be empty (RFC 5321 §4.5.5).
Delivery send_mail(const remote::SmtpClient& client, const Mail& mail, std::string_view envelope_sender,
                   std::string_view boundary);

/// Quoted-printable of RFC 2045 §6.7. The lines of `text` end with LF or CRLF, those of the result with CRLF.
std::string to_quoted_printable(std::string_view text);
/// The value of a header after "Name: ". Short printable ASCII stays as it is. Other text becomes encoded words (RFC
/// 2047 §5) of at most 64 octets, which are folded between code points.
std::string encode_header_text(std::string_view text);

}  // namespace courier
