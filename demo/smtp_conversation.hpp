// One SMTP session without its socket: it takes octets and gives answers and complete mails (RFC 5321 §4.1).
//
//   greeting ── HELO/EHLO ──> ready ── MAIL ──> sender ── RCPT ──> recipients ── DATA ──> content ── "." ──> ready
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

class SmtpConversation {
 public:
  struct Mail {
    std::string from;
    std::vector<std::string> to;
    std::string content;  // dots unstuffed
  };
  using Deliver = std::function<void(const Mail&)>;

  explicit SmtpConversation(Deliver deliver) : deliver_(std::move(deliver)) {}

  [[nodiscard]] static std::string greeting();
  /// What to answer to the octets that came; pipelined commands are answered in order.
  std::string take(std::string_view octets);
  [[nodiscard]] bool is_over() const { return over_; }

 private:
  std::string answer(std::string_view line);
  std::string take_sender(std::string_view argument);
  std::string take_recipient(std::string_view argument);
  std::string take_content(std::string_view line);

  static constexpr std::size_t line_limit_ = 4096;
  static constexpr std::size_t mail_limit_ = 1024 * 1024;
  static constexpr std::size_t recipient_limit_ = 100;

  Deliver deliver_;
  std::string pending_;
  Mail mail_;
  bool has_sender_ = false;
  bool in_content_ = false;
  bool too_big_ = false;
  bool over_ = false;
};

}  // namespace demo
