#include "demo/mail_text.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "base/bytes.hpp"

namespace demo {

namespace {

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

struct Part {
  std::map<std::string, std::string> headers;  // names in lower case, lines unfolded
  std::string_view body;
};

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

Part split(std::string_view mail) {
  Part part;
  std::string last;
  while (!mail.empty()) {
    const std::string_view line = take_line(mail);
    if (line.empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && !last.empty()) {
      part.headers[last].append(" ").append(trim(line));
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
      last = to_lower(line.substr(0, colon));
      part.headers.emplace(last, std::string(trim(line.substr(colon + 1))));
    }
  }
  part.body = mail;
  return part;
}

std::string decode_quoted(std::string_view text, bool in_header) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_header && text[i] == '_') {
      out += ' ';
    } else if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i, 3) == "=\r\n") {
      i += 2;
    } else if (text.substr(i, 2) == "=\n") {
      i += 1;
    } else if (const auto octet = base::parse_hex(text.substr(i + 1, 2)); octet && octet->size() == 1) {
      out += *octet;
      i += 2;
    } else {
      out += '=';
    }
  }
  return out;
}

std::string decode_base64(std::string_view text) {
  std::string packed;
  for (const char c : text) {
    if (!std::isspace(static_cast<unsigned char>(c))) packed += c;
  }
  auto octets = base::parse_base64(packed);
  return octets ? std::move(*octets) : std::string(text);
}

/// RFC 2047 §2: =?utf-8?Q?…?= and =?utf-8?B?…?=; white space between two encoded words is not shown (§6.2).
std::string decode_words(std::string_view text) {
  std::string out;
  bool after_word = false;
  while (!text.empty()) {
    const auto begin = text.find("=?");
    const auto charset_end = begin == std::string_view::npos ? begin : text.find('?', begin + 2);
    const auto data = charset_end == std::string_view::npos ? charset_end : charset_end + 3;
    const auto end =
        data == std::string_view::npos || data > text.size() ? std::string_view::npos : text.find("?=", data);
    if (end == std::string_view::npos) return out.append(text);
    const std::string_view before = text.substr(0, begin);
    if (!after_word || !trim(before).empty()) out.append(before);
    const char encoding = static_cast<char>(std::toupper(static_cast<unsigned char>(text[charset_end + 1])));
    const std::string_view word = text.substr(data, end - data);
    out += encoding == 'B' ? decode_base64(word) : decode_quoted(word, true);
    text.remove_prefix(end + 2);
    after_word = true;
  }
  return out;
}

std::string find_boundary(std::string_view content_type) {
  const auto at = to_lower(content_type).find("boundary=");
  if (at == std::string::npos) return "";
  std::string_view value = content_type.substr(at + 9);
  if (!value.empty() && value.front() == '"') return std::string(value.substr(1, value.find('"', 1) - 1));
  return std::string(trim(value.substr(0, value.find(';'))));
}

std::string decode_body(const Part& part) {
  const auto encoding = part.headers.find("content-transfer-encoding");
  const std::string how = encoding == part.headers.end() ? "" : to_lower(encoding->second);
  if (how == "base64") return decode_base64(part.body);
  if (how == "quoted-printable") return decode_quoted(part.body, false);
  return std::string(part.body);
}

/// The first part of that type, also inside of parts that have parts; nullopt if there is none.
std::optional<std::string> find_part(const Part& part, std::string_view wanted, int depth) {
  const auto type = part.headers.find("content-type");
  const std::string kind = type == part.headers.end() ? "text/plain" : to_lower(type->second);
  const std::string boundary = type == part.headers.end() ? "" : find_boundary(type->second);
  if (boundary.empty() || depth > 3) return kind.starts_with(wanted) ? std::optional(decode_body(part)) : std::nullopt;
  const std::string mark = "--" + boundary;
  auto at = part.body.find(mark);
  while (at != std::string_view::npos) {
    const auto begin = part.body.find('\n', at);
    const auto next = part.body.find(mark, at + mark.size());
    if (begin == std::string_view::npos || next == std::string_view::npos || next <= begin) break;
    auto found = find_part(split(part.body.substr(begin + 1, next - begin - 1)), wanted, depth + 1);
    if (found) return found;
    at = next;
  }
  return std::nullopt;
}

std::string make_readable(std::string text) {
  std::erase(text, '\r');
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (base::is_utf8(text)) return text;
  for (auto& c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return text;
}

}  // namespace

MailText read_mail(std::string_view mail) {
  const Part part = split(mail);
  const auto read_header = [&](const char* name) {
    const auto found = part.headers.find(name);
    return found == part.headers.end() ? std::string() : make_readable(decode_words(found->second));
  };
  return {read_header("from"), read_header("subject"),
          make_readable(find_part(part, "text/plain", 0).value_or(decode_body(part))),
          make_readable(find_part(part, "text/html", 0).value_or(""))};
}

}  // namespace demo
