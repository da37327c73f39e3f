#include "base/bytes.hpp"

#include <pthread.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

namespace base {
namespace {

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view std_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789abcdef";

std::uint32_t octet(BytesView bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

std::string encode64(BytesView in, std::string_view alphabet, bool pad) {
  const std::size_t rest = in.size() % 3;
  const std::size_t whole = in.size() - rest;
  std::string out(in.size() / 3 * 4 + (rest == 0 ? 0 : pad ? 4 : rest + 1), '=');
  // Each token and each sealed value goes through these loops, so that they index without a check of their own: the
  // bounds are those of the loop, and six bits have a letter.
  char* to = out.data();
  const char* const from = in.data();
  const char* const letters = alphabet.data();
  const auto at = [from](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(from[i])); };
  for (std::size_t i = 0; i < whole; i += 3) {
    const std::uint32_t v = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    *to++ = letters[v >> 18];
    *to++ = letters[v >> 12 & 63];
    *to++ = letters[v >> 6 & 63];
    *to++ = letters[v & 63];
  }
  if (rest > 0) {
    const std::uint32_t v = octet(in, whole) << 16 | (rest == 2 ? octet(in, whole + 1) << 8 : 0U);
    *to++ = alphabet[v >> 18];
    *to++ = alphabet[v >> 12 & 63];
    if (rest == 2) *to++ = alphabet[v >> 6 & 63];
  }
  return out;
}

using Table = std::array<std::int8_t, 256>;
Table table_of(std::string_view alphabet) {
  Table table{};
  table.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table.at(static_cast<unsigned char>(alphabet[i])) = static_cast<std::int8_t>(i);
  }
  return table;
}

int value_of(const Table& table, std::string_view in, std::size_t at) {
  return table[octet(in, at)];
}

Result<Bytes> decode64(std::string_view in, const Table& table) {
  const auto bad = [] { return fail(Code::invalid_input, "not canonical base64"); };
  if (in.size() % 4 == 1) return bad();
  Bytes out(in.size() * 3 / 4, '\0');
  std::size_t written = 0;
  // Four characters are three octets. The value of a character outside of the alphabet is negative.
  const std::size_t whole = in.size() / 4 * 4;
  char* to = out.data();
  const char* const from = in.data();
  const std::int8_t* const values = table.data();
  const auto at = [from, values](std::size_t i) {
    return static_cast<int>(values[static_cast<unsigned char>(from[i])]);
  };
  for (std::size_t i = 0; i < whole; i += 4) {
    const int a = at(i);
    const int b = at(i + 1);
    const int c = at(i + 2);
    const int d = at(i + 3);
    if ((a | b | c | d) < 0) return bad();
    *to++ = static_cast<char>(a << 2 | b >> 4);
    *to++ = static_cast<char>((b & 15) << 4 | c >> 2);
    *to++ = static_cast<char>((c & 3) << 6 | d);
  }
  written = whole / 4 * 3;
  // Two or three characters are left, whose unused bits are zero.
  if (whole == in.size()) return out;
  const int a = value_of(table, in, whole);
  const int b = value_of(table, in, whole + 1);
  const int c = in.size() - whole == 3 ? value_of(table, in, whole + 2) : 0;
  if ((a | b | c) < 0) return bad();
  out[written++] = static_cast<char>(a << 2 | b >> 4);
  if (in.size() - whole == 2) {
    if ((b & 15) != 0) return bad();
    return out;
  }
  out[written++] = static_cast<char>((b & 15) << 4 | c >> 2);
  if ((c & 3) != 0) return bad();
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_base64url(BytesView bytes) {
  return encode64(bytes, url_alphabet, false);
}
std::string to_base64(BytesView bytes) {
  return encode64(bytes, std_alphabet, true);
}

Result<Bytes> parse_base64url(std::string_view text) {
  static const Table table = table_of(url_alphabet);
  return decode64(text, table);
}

Result<Bytes> parse_base64(std::string_view text) {
  static const Table table = table_of(std_alphabet);
  if (text.size() % 4 != 0) return fail(Code::invalid_input, "base64 without its padding");
  std::size_t pads = 0;
  while (pads < 2 && text.size() > pads && text[text.size() - 1 - pads] == '=') ++pads;
  return decode64(text.substr(0, text.size() - pads), table);
}

std::string to_hex(BytesView bytes) {
  std::string out(bytes.size() * 2, '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = hex_digits[octet(bytes, i) >> 4];
    out[2 * i + 1] = hex_digits[octet(bytes, i) & 15];
  }
  return out;
}

Result<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Code::invalid_input, "hexadecimal of odd length");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return fail(Code::invalid_input, "not hexadecimal");
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view upper = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + 16);
  std::size_t plain = 0;  // start of the octets that are copied unchanged
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '~') {
      continue;
    }
    const auto v = static_cast<unsigned char>(c);
    out.append(text, plain, i - plain);
    plain = i + 1;
    out.push_back('%');
    out.push_back(upper[v >> 4]);
    out.push_back(upper[v & 15]);
  }
  out.append(text, plain);
  return out;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  if (text.find('%') == std::string_view::npos && text.find('+') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return fail(Code::invalid_input, "broken percent escape");
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return fail(Code::invalid_input, "broken percent escape");
      out.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

namespace {

/// The position of the first octet at or after `from` that is not ASCII; the size if there is none.
std::size_t find_non_ascii(std::string_view text, std::size_t from) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::uint64_t eight = 0;
  for (; from + sizeof(eight) <= text.size(); from += sizeof(eight)) {
    std::memcpy(&eight, text.data() + from, sizeof(eight));
    if ((eight & high_bits) != 0) break;
  }
  while (from < text.size() && octet(text, from) < 0x80) ++from;
  return from;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = find_non_ascii(text, 0); i < text.size(); i = find_non_ascii(text, i)) {
    const std::uint32_t first = octet(text, i);
    std::size_t length = 0;
    std::uint32_t value = 0;
    std::uint32_t least = 0;
    if (first >= 0xc2 && first <= 0xdf) {
      length = 1, value = first & 0x1f, least = 0x80;
    } else if (first >= 0xe0 && first <= 0xef) {
      length = 2, value = first & 0x0f, least = 0x800;
    } else if (first >= 0xf0 && first <= 0xf4) {
      length = 3, value = first & 0x07, least = 0x10000;
    } else {
      return false;
    }
    if (i + length >= text.size()) return false;
    for (std::size_t k = 1; k <= length; ++k) {
      const std::uint32_t next = octet(text, i + k);
      if ((next & 0xc0) != 0x80) return false;
      value = value << 6 | (next & 0x3f);
    }
    if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return false;
    i += length + 1;
  }
  return true;
}

std::string join(const std::vector<std::string>& texts, std::string_view separator) {
  std::string all;
  for (const std::string& text : texts) all.append(&text == &texts.front() ? "" : separator).append(text);
  return all;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++count;
  }
  return count;
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(b[i]));
    // The barrier keeps the compiler from leaving the loop early.
    __asm__ volatile("" : "+r"(difference));
  }
  return difference == 0;
}

namespace {

void fill_with_random(char* out, std::size_t n) {
  std::size_t done = 0;
  while (done < n) {
    const ssize_t got = ::getrandom(out + done, n - done, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      throw std::runtime_error("the operating system gives no random bytes");
    }
    done += static_cast<std::size_t>(got);
  }
}

// Incremented in a forked child, because it must not use the random octets that its parent has buffered.
std::atomic<unsigned>& generation() {
  static std::atomic<unsigned> value{0};
  static const int registered = ::pthread_atfork(nullptr, nullptr, [] { generation().fetch_add(1); });
  (void)registered;
  return value;
}

// Each thread buffers random octets, so that one system call is enough for a login. Used octets are wiped.
struct Stock {
  std::array<char, 256> octets{};
  std::size_t used = 256;
  unsigned made_in = 0;
  ~Stock() { ::explicit_bzero(octets.data(), octets.size()); }
};

}  // namespace

Bytes random_bytes(std::size_t n) {
  Bytes out(n, '\0');
  thread_local Stock stock;
  if (n > stock.octets.size()) {
    fill_with_random(out.data(), n);
    return out;
  }
  const unsigned now_in = generation().load(std::memory_order_relaxed);
  if (n > stock.octets.size() - stock.used || stock.made_in != now_in) {
    fill_with_random(stock.octets.data(), stock.octets.size());
    stock.used = 0;
    stock.made_in = now_in;
  }
  char* const taken = stock.octets.data() + stock.used;
  std::copy_n(taken, n, out.data());
  ::explicit_bzero(taken, n);
  stock.used += n;
  return out;
}

}  // namespace base
