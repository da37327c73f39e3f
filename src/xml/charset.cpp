#include "xml/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

namespace xml {
namespace {

struct Charset {
  Encoding encoding;
  std::string_view name;  // IANA, in capitals
};
// Other names of the IANA registry for the same one stand behind it.
constexpr std::array charsets{
    Charset{Encoding::iso_8859_1, "ISO-8859-1"},
    Charset{Encoding::iso_8859_1, "LATIN1"},
    Charset{Encoding::iso_8859_1, "ISO_8859-1"},
    Charset{Encoding::iso_8859_2, "ISO-8859-2"},
    Charset{Encoding::iso_8859_2, "LATIN2"},
    Charset{Encoding::iso_8859_2, "ISO_8859-2"},
    Charset{Encoding::iso_8859_3, "ISO-8859-3"},
    Charset{Encoding::iso_8859_4, "ISO-8859-4"},
    Charset{Encoding::iso_8859_5, "ISO-8859-5"},
    Charset{Encoding::iso_8859_7, "ISO-8859-7"},
    Charset{Encoding::iso_8859_9, "ISO-8859-9"},
    Charset{Encoding::iso_8859_10, "ISO-8859-10"},
    Charset{Encoding::iso_8859_13, "ISO-8859-13"},
    Charset{Encoding::iso_8859_14, "ISO-8859-14"},
    Charset{Encoding::iso_8859_15, "ISO-8859-15"},
    Charset{Encoding::iso_8859_16, "ISO-8859-16"},
    Charset{Encoding::windows_1250, "WINDOWS-1250"},
    Charset{Encoding::windows_1251, "WINDOWS-1251"},
    Charset{Encoding::windows_1252, "WINDOWS-1252"},
    Charset{Encoding::windows_1253, "WINDOWS-1253"},
    Charset{Encoding::windows_1254, "WINDOWS-1254"},
    Charset{Encoding::windows_1257, "WINDOWS-1257"},
    Charset{Encoding::koi8_r, "KOI8-R"},
    Charset{Encoding::koi8_u, "KOI8-U"},
};

struct Closed {
  void operator()(void* converter) const { iconv_close(converter); }
};
using Converter = std::unique_ptr<void, Closed>;

// nullptr: the system has no such converter.
Converter open(const char* to, const char* from) {
  iconv_t const opened = iconv_open(to, from);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): POSIX says (iconv_t)-1
  if (opened == reinterpret_cast<iconv_t>(-1)) return nullptr;
  return Converter(opened);
}

const char* name_of(Encoding encoding) {
  const auto* const found =
      std::find_if(charsets.begin(), charsets.end(), [&](const Charset& one) { return one.encoding == encoding; });
  return found == charsets.end() ? "" : found->name.data();
}

bool is_iso(Encoding encoding) {
  return std::string_view(name_of(encoding)).starts_with("ISO-");
}

// One character; its octet, or "" if there is none.
std::string convert(iconv_t converter, std::string_view character) {
  std::array<char, 4> out{};
  std::string text(character);
  char* from = text.data();
  std::size_t from_left = text.size();
  char* to = out.data();
  std::size_t to_left = out.size();
  const std::size_t result = iconv(converter, &from, &from_left, &to, &to_left);
  iconv(converter, nullptr, nullptr, nullptr, nullptr);
  if (result != 0) return {};
  return {out.data(), out.size() - to_left};
}

std::string reference_to(std::string_view character) {
  const auto octet = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]));
  };
  std::uint32_t c = octet(0) & (0xFFU >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) c = c << 6 | (octet(i) & 0x3F);
  std::array<char, 16> text{};
  const int size = std::snprintf(text.data(), text.size(), "&#x%X;", c);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<Encoding> find_charset(std::string_view declared) {
  std::string name(declared);
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  for (const Charset& one : charsets)
    if (one.name == name) return one.encoding;
  return std::nullopt;
}

std::optional<std::string> from_charset(base::BytesView octets, Encoding encoding) {
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) & 0xE0U) == 0x80; };
  if (is_iso(encoding) && std::any_of(octets.begin(), octets.end(), is_control)) return std::nullopt;
  const Converter converter = open("UTF-8", name_of(encoding));
  if (!converter) return std::nullopt;
  // No character of these has more than three octets in UTF-8.
  std::string in(octets);
  std::string text(3 * octets.size(), '\0');
  char* from = in.data();
  std::size_t from_left = in.size();
  char* to = text.data();
  std::size_t to_left = text.size();
  if (iconv(converter.get(), &from, &from_left, &to, &to_left) != 0 || from_left != 0) return std::nullopt;
  text.resize(text.size() - to_left);
  return text;
}

base::Bytes to_charset(std::string_view utf8, Encoding encoding) {
  const Converter converter = open(name_of(encoding), "UTF-8");
  base::Bytes out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    const std::string_view character = utf8.substr(at, size);
    at += character.size();
    if (size == 1) {
      out.append(character);
      continue;
    }
    const std::string octet = converter ? convert(converter.get(), character) : std::string();
    out.append(octet.size() == 1 ? octet : reference_to(character));
  }
  return out;
}

}  // namespace xml
