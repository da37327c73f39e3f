// Hands one message to a mail server (RFC 5321). Addresses and message are checked first, because libcurl passes CR and
// LF in addresses on to the server. The outcome tells whether another try makes sense. If the last reply is lost, it is
// unknown whether the message arrived; then it is tried again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace remote {

enum class SmtpTls : std::uint8_t {
  implicit,       // TLS from the first octet (RFC 8314, port 465)
  required,       // STARTTLS or nothing (RFC 3207)
  opportunistic,  // STARTTLS if offered, with any certificate; protects against passive listeners only
  none,
};

struct SmtpOptions {
  std::string host;
  std::uint16_t port = 587;
  SmtpTls tls = SmtpTls::required;
  bool may_be_plain = false;  // without it `none` and `opportunistic` are refused
  std::string user;           // empty = no authentication
  base::Secret password;
  std::string hello_name;  // our name in EHLO; empty = "localhost"
  std::string ca_file;     // PEM certificates trusted besides the system's
  base::Duration connect_time{10'000};
  base::Duration total_time{60'000};
};

struct SmtpOutcome {
  enum class Kind : std::uint8_t {
    accepted,  // the server has taken responsibility (250 after the message)
    refused,   // for good: 5xx about this sender, recipient or message, or a malformed address or message
    later,     // 4xx, no connection, no TLS, no authentication, connection lost
  };
  Kind kind = Kind::later;
  int code = 0;        // the code of the server's last reply; 0 = no reply
  std::string reason;  // the text of the reply in printable ASCII; for the log and for administrators
};

class SmtpClient {
 public:
  /// Errors: invalid_input (a malformed host or name, a mode that needs may_be_plain, a password that would be sent in
  /// clear).
  static base::Result<SmtpClient> make(SmtpOptions options);

  /// `sender` may be empty (RFC 5321 §4.5.5: no bounces). `message`: its lines are 7-bit, end with CRLF and have at
  /// most 998 octets. Blocks for at most total_time. Thread-safe.
  [[nodiscard]] SmtpOutcome send(std::string_view sender, std::string_view recipient, std::string_view message) const;

  /// As send() as far as the authentication, and then NOOP instead of a message (RFC 5321 §4.1.1.9): whether messages
  /// could be sent at all. Never `refused`.
  [[nodiscard]] SmtpOutcome greet() const;

 private:
  struct Line;
  void open(Line& line) const;
  explicit SmtpClient(SmtpOptions options) : options_(std::move(options)) {}
  SmtpOptions options_;
};

/// A Mailbox of RFC 5321 §4.1.2: a Dot-string of at most 64 octets, "@", a domain of letters, digits and hyphens.
/// Quoted local parts, address literals and UTF-8 are not accepted.
bool is_mailbox(std::string_view text);
/// A Domain of RFC 5321 §4.1.2, at most 253 octets.
bool is_domain(std::string_view text);

}  // namespace remote
