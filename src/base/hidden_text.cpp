#include "base/hidden_text.hpp"

#include <algorithm>
#include <array>

#include "base/bytes.hpp"

namespace base {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};
// Cc, the marks of TR 9, and those of "Default_Ignorable_Code_Point" that are no joiner and choose no variant.
constexpr std::array hidden{Range{0x00, 0x1F},      Range{0x7F, 0x9F},     Range{0xAD, 0xAD},     Range{0x34F, 0x34F},
                            Range{0x61C, 0x61C},    Range{0x115F, 0x1160}, Range{0x17B4, 0x17B5}, Range{0x180E, 0x180E},
                            Range{0x200B, 0x200B},  Range{0x200E, 0x200F}, Range{0x2028, 0x202E}, Range{0x2060, 0x206F},
                            Range{0x3164, 0x3164},  Range{0xFEFF, 0xFEFF}, Range{0xFFA0, 0xFFA0}, Range{0xFFF9, 0xFFFB},
                            Range{0xE0000, 0xE0FFF}};

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Octets of the character at the front; 0 = none.
std::size_t size_of_first(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80   ? 1
                           : first < 0xC2 ? 0
                           : first < 0xE0 ? 2
                           : first < 0xF0 ? 3
                           : first < 0xF5 ? 4
                                          : 0;
  return size <= text.size() && is_utf8(text.substr(0, size)) ? size : 0;
}

char32_t code_of(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character.front());
  char32_t code = static_cast<unsigned char>(character.front()) & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return code;
}

}  // namespace

bool is_hidden(char32_t character) {
  return std::any_of(hidden.begin(), hidden.end(),
                     [&](const Range& range) { return range.first <= character && character <= range.last; });
}

std::string replace_hidden(std::string_view text, const WriteHidden& write) {
  if (is_plain(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = size_of_first(text);
    if (size == 0) {
      out += write(static_cast<unsigned char>(text.front()), true);
      text.remove_prefix(1);
      continue;
    }
    const char32_t code = code_of(text.substr(0, size));
    if (is_hidden(code)) {
      out += write(code, false);
    } else {
      out.append(text.substr(0, size));
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace base
