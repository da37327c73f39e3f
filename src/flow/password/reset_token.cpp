#include "flow/password/reset_token.hpp"

#include <cstdint>

namespace flow {
namespace {

constexpr std::string_view symbols = "0123456789abcdefghjkmnpqrstvwxyz";

char plain(char c) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (c == 'o') return '0';
  return c == 'i' || c == 'l' ? '1' : c;
}

}  // namespace

std::string print_reset_token(base::BytesView octets) {
  std::string text;
  std::uint32_t waiting = 0;
  unsigned bits = 0;
  for (const char octet : octets.substr(0, reset_token_octets)) {
    waiting = (waiting << 8U) | static_cast<unsigned char>(octet);
    for (bits += 8; bits >= 5; bits -= 5) text.push_back(symbols[(waiting >> (bits - 5)) & 31U]);
  }
  return text;
}

base::Result<base::Bytes> parse_reset_token(std::string_view typed) {
  base::Bytes octets;
  std::uint32_t waiting = 0;
  unsigned bits = 0;
  for (const char c : typed.substr(0, 64)) {
    if (c == '-' || c == ' ') continue;
    const std::size_t value = symbols.find(plain(c));
    if (value == std::string_view::npos) return base::fail(base::Code::invalid_input, "not the secret of a link");
    waiting = (waiting << 5U) | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      octets.push_back(static_cast<char>((waiting >> bits) & 255U));
    }
  }
  if (typed.size() > 64 || octets.size() != reset_token_octets || bits != 0) {
    return base::fail(base::Code::invalid_input, "not the secret of a link");
  }
  return octets;
}

}  // namespace flow
