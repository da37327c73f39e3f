// Octets of ASN.1 (ITU-T X.690), read and written by hand, because signatures are judged over the octets as they stand:
// a library that decodes and encodes again would hide what is not DER. Tags of one octet only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace crypto::der {

inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t bit_string = 0x03;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t null = 0x05;
inline constexpr std::uint8_t object_identifier = 0x06;
inline constexpr std::uint8_t enumerated = 0x0a;
inline constexpr std::uint8_t utf8_string = 0x0c;
inline constexpr std::uint8_t ia5_string = 0x16;
inline constexpr std::uint8_t utc_time = 0x17;
inline constexpr std::uint8_t generalized_time = 0x18;
inline constexpr std::uint8_t constructed = 0x20;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
/// [n], primitive or constructed.
constexpr std::uint8_t context(unsigned n, bool is_constructed = true) {
  return static_cast<std::uint8_t>(0x80U | (is_constructed ? 0x20U : 0U) | n);
}

/// An object identifier known when the program is compiled; its content octets.
class Oid {
 public:
  consteval explicit Oid(std::string_view dotted) {
    std::uint64_t arc = 0;
    std::uint64_t first = 0;
    int number = 0;
    for (std::size_t i = 0; i <= dotted.size(); ++i) {
      if (i < dotted.size() && dotted[i] != '.') {
        arc = arc * 10 + static_cast<std::uint64_t>(dotted[i] - '0');
        continue;
      }
      if (number == 0) {
        first = arc;
      } else {
        append(number == 1 ? first * 40 + arc : arc);
      }
      ++number;
      arc = 0;
    }
  }
  [[nodiscard]] constexpr base::BytesView content() const { return {octets_.data(), size_}; }

 private:
  constexpr void append(std::uint64_t arc) {
    int groups = 1;
    for (std::uint64_t rest = arc >> 7U; rest != 0; rest >>= 7U) ++groups;
    for (int i = groups - 1; i >= 0; --i) {
      const auto part = static_cast<unsigned>((arc >> (7U * static_cast<unsigned>(i))) & 0x7fU);
      octets_.at(size_++) = static_cast<char>(part | (i > 0 ? 0x80U : 0U));
    }
  }
  std::array<char, 16> octets_{};
  std::size_t size_ = 0;
};

struct Element {
  std::uint8_t tag = 0;
  base::BytesView content;
  base::BytesView whole;  // with tag and length
  bool is_definite = true;
  [[nodiscard]] bool is(const Oid& oid) const { return tag == object_identifier && content == oid.content(); }
};

enum class Rules : std::uint8_t {
  der,  // definite lengths in their shortest form
  ber,  // also indefinite and longer ones
};

/// Elements one behind the other. A view: the octets outlive it.
class Reader {
 public:
  explicit Reader(base::BytesView octets, Rules rules = Rules::der) : rest_(octets), rules_(rules) {}

  [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
  /// 0 = at the end.
  [[nodiscard]] std::uint8_t next_tag() const { return rest_.empty() ? 0 : static_cast<std::uint8_t>(rest_.front()); }
  /// Errors: invalid_input (at the end, broken, not of these rules, nested too deeply).
  base::Result<Element> take();
  /// Errors: also invalid_input if the next one has another tag.
  base::Result<Element> take(std::uint8_t tag);
  /// What is inside of the next one.
  base::Result<Reader> enter(std::uint8_t tag);
  /// nullopt: the next one has another tag, or there is none.
  base::Result<std::optional<Element>> take_if(std::uint8_t tag);
  /// Errors: invalid_input (something is left).
  base::Result<void> finish() const;

 private:
  base::BytesView rest_;
  Rules rules_;
};

/// All elements one behind the other. Errors: invalid_input.
base::Result<std::vector<Element>> read_all(base::BytesView octets, Rules rules = Rules::der);
/// Exactly one element. Errors: invalid_input.
base::Result<Element> read_one(base::BytesView octets, Rules rules = Rules::der);

/// The octets of an OCTET STRING, also of one in pieces (X.690 §8.7.3). Errors: invalid_input.
base::Result<base::Bytes> join_octet_string(const Element& string);
/// A small number, not negative and in its shortest form. Errors: invalid_input (also above 2^31 - 1).
base::Result<std::int64_t> read_small(const Element& number);
/// Whether the content octets are an INTEGER in its shortest form.
bool is_canonical_integer(base::BytesView content);
/// "1.2.840.113549": "" = not an identifier, or one of more than 128 octets.
std::string oid_text(base::BytesView content);
/// UTCTime or GeneralizedTime in UTC, as X.690 §11.7 and §11.8 write them. Errors: invalid_input.
base::Result<base::Time> read_time(const Element& time);
/// The same as BER allows it (X.680 §46, §47): without seconds, with a fraction by a comma, with a difference to UTC. A
/// local time without that is no time. Errors: invalid_input.
base::Result<base::Time> read_loose_time(const Element& time);

void append(base::Bytes& out, std::uint8_t tag, base::BytesView content);
base::Bytes make(std::uint8_t tag, base::BytesView content);
/// The parts one behind the other inside of one element.
base::Bytes make(std::uint8_t tag, std::initializer_list<base::BytesView> parts);
base::Bytes make(const Oid& oid);
/// Errors: invalid_input (not a dotted identifier).
base::Result<base::Bytes> make_oid(std::string_view dotted);
/// Not negative.
base::Bytes make_integer(std::uint64_t number);
/// A positive number of any length, most significant octet first.
base::Bytes make_integer(base::BytesView number);
/// SET OF in the order of X.690 §11.6.
base::Bytes make_set(std::uint8_t tag, std::vector<base::Bytes> members);
/// RFC 5652 §11.3: UTCTime from 1950 to 2049, else GeneralizedTime; whole seconds.
base::Bytes make_time(base::Time time);
/// GeneralizedTime with as many digits behind the second as are needed, at most three.
base::Bytes make_exact_time(base::Time time);

}  // namespace crypto::der
