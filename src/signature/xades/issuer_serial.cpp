#include "signature/xades/issuer_serial.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/cms/der.hpp"

namespace signature {
namespace {

namespace der = crypto::der;

constexpr std::uint8_t bmp_string = 0x1E;
constexpr std::uint8_t teletex_string = 0x14;

// UTF-8 of a code point of the Basic Multilingual Plane.
void append_utf8(std::string& text, unsigned c) {
  const auto put = [&](unsigned octet) { text += static_cast<char>(static_cast<unsigned char>(octet)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// The text of a DirectoryString (RFC 5280 §4.1.2.4) in UTF-8; of another type its octets.
std::string text_of(const der::Element& string) {
  const auto octet = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(string.content[i]));
  };
  std::string text;
  if (string.tag == bmp_string) {
    for (std::size_t i = 0; i + 1 < string.content.size(); i += 2) append_utf8(text, octet(i) << 8 | octet(i + 1));
  } else if (string.tag == teletex_string) {
    // Read as Latin-1, as all do.
    for (std::size_t i = 0; i < string.content.size(); ++i) append_utf8(text, octet(i));
  } else {
    text = string.content;
  }
  return text;
}

// Lower case, without spaces: programs differ in both.
std::string comparable(std::string_view value) {
  std::string text;
  for (const char c : value)
    if (c != ' ') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// A value in the form "#" hexadecimal DER is one too (RFC 4514 §2.4).
std::string read_value(const std::string& written) {
  if (!written.starts_with('#')) return comparable(written);
  const auto octets = base::parse_hex(std::string_view(written).substr(1));
  if (!octets) return comparable(written);
  const auto string = der::read_one(*octets);
  return string ? comparable(text_of(*string)) : comparable(written);
}

// The values of a name in text, sorted.
std::vector<std::string> values_of(std::string_view name) {
  std::vector<std::string> values;
  std::string value;
  bool is_in_value = false;
  bool is_quoted = false;
  const auto finish = [&] {
    if (is_in_value) values.push_back(read_value(value));
    value.clear();
    is_in_value = false;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (c == '\\' && i + 1 < name.size()) {
      const auto octet = base::parse_hex(name.substr(i + 1, 2));
      const bool is_hex = octet && octet->size() == 1;
      value += is_hex ? octet->front() : name[i + 1];
      i += is_hex ? 2U : 1U;
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && (c == ',' || c == ';' || c == '+')) {
      finish();
    } else if (!is_in_value) {
      is_in_value = c == '=';
    } else if (c != ' ' || !value.empty()) {
      value += c;
    }
  }
  finish();
  std::sort(values.begin(), values.end());
  return values;
}

// Those of a Name, DER, sorted: SEQUENCE OF SET OF SEQUENCE { type, value }.
std::vector<std::string> values_of_der(base::BytesView name) {
  std::vector<std::string> values;
  const auto outer = der::read_one(name);
  const auto sets = outer ? der::read_all(outer->content) : base::Result<std::vector<der::Element>>();
  if (!sets) return values;
  for (const der::Element& set : *sets) {
    const auto pairs = der::read_all(set.content);
    if (!pairs) continue;
    for (const der::Element& pair : *pairs) {
      const auto parts = der::read_all(pair.content);
      if (parts && parts->size() == 2) values.push_back(comparable(text_of(parts->back())));
    }
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

base::Bytes make_issuer_serial(const crypto::cms::CertificateParts& parts) {
  // GeneralNames with one directoryName, [4] EXPLICIT.
  return der::make(der::sequence, {der::make(der::sequence, {der::make(der::context(4), parts.issuer)}),
                                   der::make(der::integer, parts.serial)});
}

bool is_issuer_serial_of(base::BytesView issuer_serial, const crypto::cms::CertificateParts& parts) {
  if (issuer_serial == make_issuer_serial(parts)) return true;
  // RFC 5280 §7.1: names are the same whatever type of string they are written in.
  const auto outer = der::read_one(issuer_serial);
  const auto both = outer ? der::read_all(outer->content) : base::Result<std::vector<der::Element>>();
  if (!both || both->size() != 2 || both->back().tag != der::integer || both->back().content != parts.serial) {
    return false;
  }
  const auto names = der::read_all(both->front().content);
  if (!names || names->size() != 1 || names->front().tag != der::context(4)) return false;
  const std::vector<std::string> values = values_of_der(names->front().content);
  return !values.empty() && values == values_of_der(parts.issuer);
}

bool is_serial(std::string_view decimal, base::BytesView serial) {
  if (decimal.empty() || decimal.size() > 100) return false;
  // Octets of the number, the most significant first.
  std::vector<unsigned> octets;
  for (const char c : decimal) {
    if (c < '0' || c > '9') return false;
    auto carry = static_cast<unsigned>(c - '0');
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
      carry += *octet * 10;
      *octet = carry & 0xFF;
      carry >>= 8;
    }
    if (carry > 0) octets.insert(octets.begin(), carry);
  }
  while (!serial.empty() && serial.front() == '\0') serial.remove_prefix(1);
  return std::equal(octets.begin(), octets.end(), serial.begin(), serial.end(),
                    [](unsigned a, char b) { return a == static_cast<unsigned char>(b); });
}

bool is_name(std::string_view text, base::BytesView name) {
  return values_of(text) == values_of_der(name);
}

}  // namespace signature
