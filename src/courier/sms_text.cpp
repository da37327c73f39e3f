#include "courier/sms_text.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace courier {
namespace {

// 3GPP TS 23.038 §6.2.1: what the default alphabet has besides ASCII, and what of ASCII it lacks or has in its
// extension table, where a character needs two septets.
constexpr std::u32string_view basic_beyond_ascii = U"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
constexpr std::u32string_view extension = U"\f^{}\\[~]|€";
constexpr std::u32string_view lacking_of_ascii = U"`\t";

// The characters of German and Polish texts that are not in that alphabet.
using Plain = std::pair<std::string_view, std::string_view>;
constexpr std::array<Plain, 25> plain_characters{
    {{"ą", "a"},  {"ć", "c"},  {"ę", "e"},  {"ł", "l"}, {"ń", "n"}, {"ó", "o"}, {"ś", "s"},  {"ź", "z"}, {"ż", "z"},
     {"Ą", "A"},  {"Ć", "C"},  {"Ę", "E"},  {"Ł", "L"}, {"Ń", "N"}, {"Ó", "O"}, {"Ś", "S"},  {"Ź", "Z"}, {"Ż", "Z"},
     {"„", "\""}, {"“", "\""}, {"”", "\""}, {"’", "'"}, {"–", "-"}, {"‑", "-"}, {"…", "..."}}};

// Well-formed UTF-8 only; anything else becomes U+FFFD, which is not in the alphabet.
std::vector<char32_t> decode(std::string_view text) {
  std::vector<char32_t> characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t value = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && at + i < text.size(); ++i) {
      value = value << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    characters.push_back(at + length <= text.size() ? value : U'\xFFFD');
    at += length;
  }
  return characters;
}

bool has(std::u32string_view all, char32_t one) {
  return all.find(one) != std::u32string_view::npos;
}

// 0: not in the alphabet.
std::size_t septets_of(char32_t one) {
  if (has(extension, one)) return 2;
  if (one < 0x80) {
    const bool is_printable = one >= 0x20 && one != 0x7F;
    return (is_printable || one == U'\n' || one == U'\r') && !has(lacking_of_ascii, one) ? 1 : 0;
  }
  return has(basic_beyond_ascii, one) ? 1 : 0;
}

std::size_t units_of(char32_t one) {
  return one > 0xFFFF ? 2 : 1;
}

// A character is never divided between two parts.
std::size_t count_parts(const std::vector<std::size_t>& widths, std::size_t units, std::size_t alone,
                        std::size_t joined) {
  if (units == 0) return 0;
  if (units <= alone) return 1;
  std::size_t parts = 1;
  std::size_t used = 0;
  for (const std::size_t width : widths) {
    if (used + width > joined) {
      ++parts;
      used = 0;
    }
    used += width;
  }
  return parts;
}

}  // namespace

SmsSize measure_sms(std::string_view text) {
  const std::vector<char32_t> characters = decode(text);
  SmsSize size;
  const bool is_gsm = std::all_of(characters.begin(), characters.end(), [](char32_t c) { return septets_of(c) > 0; });
  size.alphabet = is_gsm ? SmsAlphabet::gsm : SmsAlphabet::ucs2;
  std::vector<std::size_t> widths;
  widths.reserve(characters.size());
  for (const char32_t one : characters) widths.push_back(is_gsm ? septets_of(one) : units_of(one));
  for (const std::size_t width : widths) size.units += width;
  size.parts = is_gsm ? count_parts(widths, size.units, 160, 153) : count_parts(widths, size.units, 70, 67);
  return size;
}

std::string spare_parts(std::string text) {
  if (measure_sms(text).parts <= 1) return text;
  for (const auto& [character, plain] : plain_characters) {
    for (std::size_t at = text.find(character); at != std::string::npos; at = text.find(character, at + plain.size())) {
      text.replace(at, character.size(), plain);
    }
  }
  return text;
}

}  // namespace courier
