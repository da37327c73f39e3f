#include "base/base32.hpp"

#include <cstdint>

namespace base {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// 0 to 31; npos: not of the alphabet.
std::size_t value_of(char letter) {
  return alphabet.find(letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter);
}

}  // namespace

std::string to_base32(BytesView bytes) {
  std::string out;
  std::uint32_t waiting = 0;
  int bits = 0;
  for (const char octet : bytes) {
    waiting = waiting << 8 | static_cast<unsigned char>(octet);
    for (bits += 8; bits >= 5; bits -= 5) out.push_back(alphabet[waiting >> (bits - 5) & 31]);
  }
  if (bits > 0) out.push_back(alphabet[waiting << (5 - bits) & 31]);
  return out;
}

Result<Bytes> parse_base32(std::string_view text) {
  const auto bad = [] { return fail(Code::invalid_input, "not base32"); };
  Bytes out;
  std::uint32_t waiting = 0;
  int bits = 0;
  for (const char letter : text) {
    const std::size_t value = value_of(letter);
    if (value == std::string_view::npos) return bad();
    waiting = waiting << 5 | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<char>(waiting >> bits & 0xff));
  }
  // What is left are fewer bits than a letter has, all zero.
  if (bits >= 5 || (waiting & ((1U << bits) - 1)) != 0) return bad();
  return out;
}

}  // namespace base
