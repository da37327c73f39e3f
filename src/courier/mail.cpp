#include "courier/mail.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/bytes.hpp"

namespace courier {
namespace {

constexpr std::size_t most_line = 76;
constexpr std::size_t most_word_octets = 39;  // "Subject: " and 39 octets as an encoded word: 73 characters
constexpr std::size_t most_header_text = 998;
constexpr std::size_t most_body = std::size_t{1024} * 1024;

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool is_header_text(std::string_view text) {
  return text.size() <= most_header_text && base::is_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

bool is_body(std::string_view text) {
  if (text.size() > most_body || !base::is_utf8(text)) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool ends_line = c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if (is_control(c) && c != '\t' && !ends_line) return false;
  }
  return true;
}

bool is_boundary(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

bool is_language(std::string_view tag) {
  return tag.size() <= 35 && std::all_of(tag.begin(), tag.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

// date-time of RFC 5322 §3.3, in UTC.
std::string format_date(base::Time t) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(t - day));
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s, %u %s %d %02d:%02d:%02d +0000",
                days.at(std::chrono::weekday(day).c_encoding()), static_cast<unsigned>(date.day()),
                months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return out.data();
}

// display-name of RFC 5322 §3.4: a quoted string if it is ASCII, otherwise encoded words without quotation marks,
// because RFC 2047 §5 (3) forbids an encoded word in a quoted string.
std::string format_name(std::string_view name) {
  const std::string encoded = encode_header_text(name);
  if (encoded != name) return encoded;
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

base::Result<void> check(const Mail& mail, std::string_view boundary) {
  const auto bad = [](const char* field) {
    return base::fail(base::Code::invalid_input, std::string("mail: ") + field + " is not valid");
  };
  if (!is_header_text(mail.from_name)) return bad("from_name");
  if (!remote::is_mailbox(mail.from)) return bad("from");
  if (!remote::is_mailbox(mail.to)) return bad("to");
  if (!mail.reply_to.empty() && !remote::is_mailbox(mail.reply_to)) return bad("reply_to");
  if (!is_header_text(mail.subject)) return bad("subject");
  if (!remote::is_mailbox(mail.message_id)) return bad("message_id");
  if (!is_language(mail.language)) return bad("language");
  if (mail.text.empty() || !is_body(mail.text)) return bad("text");
  if (!is_body(mail.html)) return bad("html");
  if (!is_boundary(boundary)) return bad("boundary");
  return {};
}

std::string part_of(std::string_view subtype, std::string_view body) {
  std::string out = "Content-Type: text/";
  out.append(subtype).append("; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
  return out + to_quoted_printable(body);
}

}  // namespace

std::string encode_header_text(std::string_view text) {
  const bool is_plain =
      text.size() <= 60 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  // A reader would take "=?" for the start of an encoded word, and relays may remove blanks at the ends.
  if (is_plain && text.find("=?") == std::string_view::npos && !text.starts_with(' ') && !text.ends_with(' ')) {
    return std::string(text);
  }
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(text.size(), most_word_octets);
    // §5 (3): "each encoded-word MUST represent an integral number of characters".
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    if (!out.empty()) out.append("\r\n ");
    out.append("=?UTF-8?B?").append(base::to_base64(text.substr(0, size))).append("?=");
    text.remove_prefix(size);
  }
  return out;
}

std::string to_quoted_printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 4 + 64);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto c = static_cast<unsigned char>(line[i]);
      const bool is_last = i + 1 == line.size();
      bool is_literal = (c > 0x20 && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !is_last);
      // Encoded, because relays may change a line that begins with a dot or with "From ".
      if (column == 0 && (c == '.' || line.substr(i).starts_with("From "))) is_literal = false;
      const std::size_t width = is_literal ? 1 : 3;
      // The last column is kept for the "=" of a soft line break.
      if (column + width > most_line - 1) {
        out.append("=\r\n");
        column = 0;
        is_literal = is_literal && c != '.';
      }
      if (is_literal) {
        out.push_back(line[i]);
        ++column;
      } else {
        out.push_back('=');
        out.push_back(digits[c >> 4]);
        out.push_back(digits[c & 15]);
        column += 3;
      }
    }
    out.append("\r\n");
  }
  return out;
}

base::Result<std::string> build_message(const Mail& mail, std::string_view boundary) {
  RETURN_IF_ERROR(check(mail, boundary));
  std::string out = "Date: " + format_date(mail.date) + "\r\n";
  out += "From: " + (mail.from_name.empty() ? mail.from : format_name(mail.from_name) + "\r\n <" + mail.from + ">") +
         "\r\n";
  out += "To: " + mail.to + "\r\n";
  if (!mail.reply_to.empty()) out += "Reply-To: " + mail.reply_to + "\r\n";
  out += "Subject: " + encode_header_text(mail.subject) + "\r\n";
  out += "Message-ID: <" + mail.message_id + ">\r\n";
  if (!mail.language.empty()) out += "Content-Language: " + mail.language + "\r\n";
  if (mail.auto_submitted) out += "Auto-Submitted: auto-generated\r\n";
  out += "MIME-Version: 1.0\r\n";
  if (mail.html.empty()) return out + part_of("plain", mail.text);
  // RFC 2045 §6.7 (5): a boundary with "=_" "can never appear in a quoted-printable body".
  const std::string mark = "=_" + std::string(boundary);
  out += "Content-Type: multipart/alternative;\r\n boundary=\"" + mark + "\"\r\n\r\n";
  out += "--" + mark + "\r\n" + part_of("plain", mail.text) + "\r\n";
  out += "--" + mark + "\r\n" + part_of("html", mail.html) + "\r\n";
  return out + "--" + mark + "--\r\n";
}

Delivery send_mail(const remote::SmtpClient& client, const Mail& mail, std::string_view envelope_sender,
                   std::string_view boundary) {
  const auto message = build_message(mail, boundary);
  if (!message) return judge(message.error());
  return judge(client.send(envelope_sender, mail.to, *message));
}

}  // namespace courier
