#include "demo/smtp_conversation.hpp"

#include <strings.h>

#include <optional>

namespace demo {

namespace {

bool has_prefix(std::string_view line, std::string_view prefix) {
  return line.size() >= prefix.size() && ::strncasecmp(line.data(), prefix.data(), prefix.size()) == 0;
}

/// "<anna@example.org> SIZE=12" → "anna@example.org".
std::optional<std::string> find_address(std::string_view argument) {
  while (!argument.empty() && argument.front() == ' ') argument.remove_prefix(1);
  const auto end = argument.find('>');
  if (argument.empty() || argument.front() != '<' || end == std::string_view::npos || end > 321) return std::nullopt;
  return std::string(argument.substr(1, end - 1));
}

}  // namespace

std::string SmtpConversation::greeting() {
  return "220 localhost ESMTP chancery-demo\r\n";
}

std::string SmtpConversation::take(std::string_view octets) {
  std::string answers;
  pending_.append(octets);
  std::size_t at = 0;
  while (!over_) {
    const auto end = pending_.find('\n', at);
    if (end == std::string::npos) break;
    std::string_view line(pending_.data() + at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    answers += in_content_ ? take_content(line) : answer(line);
    at = end + 1;
  }
  pending_.erase(0, at);
  if (pending_.size() > line_limit_) {
    over_ = true;
    answers += "500 line too long\r\n";
  }
  return answers;
}

std::string SmtpConversation::take_content(std::string_view line) {
  if (line == ".") {
    in_content_ = has_sender_ = false;
    if (too_big_) return "552 message too big\r\n";
    deliver_(mail_);
    return "250 delivered\r\n";
  }
  if (!line.empty() && line.front() == '.') line.remove_prefix(1);
  if (mail_.content.size() + line.size() > mail_limit_) too_big_ = true;
  if (!too_big_) mail_.content.append(line).append("\r\n");
  return "";
}

std::string SmtpConversation::take_sender(std::string_view argument) {
  auto address = find_address(argument);
  if (!address) return "501 an address in angle brackets, please\r\n";
  mail_ = {std::move(*address), {}, {}};
  has_sender_ = true;
  return "250 OK\r\n";
}

std::string SmtpConversation::take_recipient(std::string_view argument) {
  if (!has_sender_) return "503 MAIL first\r\n";
  if (mail_.to.size() == recipient_limit_) return "452 too many recipients\r\n";
  auto address = find_address(argument);
  if (!address || address->empty()) return "501 an address in angle brackets, please\r\n";
  mail_.to.push_back(std::move(*address));
  return "250 OK\r\n";
}

std::string SmtpConversation::answer(std::string_view line) {
  if (has_prefix(line, "EHLO")) {
    has_sender_ = false;
    return "250-localhost\r\n250-SIZE " + std::to_string(mail_limit_) +
           "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n";
  }
  if (has_prefix(line, "HELO")) return "250 localhost\r\n";
  if (has_prefix(line, "MAIL FROM:")) return take_sender(line.substr(10));
  if (has_prefix(line, "RCPT TO:")) return take_recipient(line.substr(8));
  if (has_prefix(line, "DATA")) {
    if (!has_sender_ || mail_.to.empty()) return "503 MAIL and RCPT first\r\n";
    in_content_ = true;
    too_big_ = false;
    return "354 end with a dot on a line of its own\r\n";
  }
  if (has_prefix(line, "RSET")) {
    has_sender_ = false;
    return "250 OK\r\n";
  }
  if (has_prefix(line, "NOOP")) return "250 OK\r\n";
  if (has_prefix(line, "VRFY")) return "252 send it and see\r\n";
  if (has_prefix(line, "QUIT")) {
    over_ = true;
    return "221 goodbye\r\n";
  }
  return "502 not known here\r\n";
}

}  // namespace demo
