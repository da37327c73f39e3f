#include "base/terminal.hpp"

#include <unistd.h>

#include <array>

#include "base/hidden_text.hpp"

namespace base {
namespace {

std::string in_code(const char* form, char32_t code) {
  std::array<char, 16> text{};
  const int size = std::snprintf(text.data(), text.size(), form, static_cast<unsigned>(code));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string escape(char32_t code, bool is_octet) {
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code < 0x20 || is_octet) return in_code("\\x%02x", code);
  if (code <= 0xFFFF) return in_code("\\u%04x", code);
  return in_code("\\u%04x", 0xD7C0 + (code >> 10U)) + in_code("\\u%04x", 0xDC00 + (code & 0x3FFU));  // as JSON has it
}

/// For a whole answer: its lines and columns stay.
std::string escape_in_lines(char32_t code, bool is_octet) {
  return code == '\n' || code == '\t' ? std::string(1, static_cast<char>(code)) : escape(code, is_octet);
}

}  // namespace

std::string escape_hidden(std::string_view text) {
  return replace_hidden(text, escape);
}

void print(std::string_view text, std::FILE* to) {
  std::string clean;
  if (::isatty(::fileno(to)) != 0) {
    clean = replace_hidden(text, escape_in_lines);
    text = clean;
  }
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

}  // namespace base
