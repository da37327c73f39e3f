// CBOR (RFC 8949) of authenticators, read by libcbor's decoder of single items, which allocates nothing. Accepted is
// the CTAP2 canonical form only (CTAP 2.1 §8), as WebAuthn level 3 §2.3 recommends: definite lengths, shortest heads,
// keys of maps in order and none twice, no tags, at most four levels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace webauthn {

inline constexpr std::size_t most_cbor_depth = 4;
inline constexpr std::size_t most_cbor_items = 64;  // of one array or map

struct Cbor {
  enum class Kind : std::uint8_t {
    positive,  // `number`
    negative,  // -1 - `number`
    octets,
    text,
    array,
    map,
    boolean,  // `number` is 0 or 1
    null
  };
  Kind kind = Kind::null;
  std::uint64_t number = 0;
  base::BytesView octets{};   // of octets and text; into the memory that was parsed
  std::vector<Cbor> items{};  // of an array; of a map keys and values in turn

  /// The value of a whole number that fits; nullptr of any other item or key.
  [[nodiscard]] const Cbor* find(std::int64_t key) const;
  [[nodiscard]] const Cbor* find(std::string_view key) const;
  /// Whether it is the whole number.
  [[nodiscard]] bool is(std::int64_t value) const;
  [[nodiscard]] bool is(Kind one) const { return kind == one; }
};

struct CborPrefix {
  Cbor value;
  std::size_t size = 0;  // octets that it takes
};
/// The first item; what follows it is not read. Errors: invalid_input.
base::Result<CborPrefix> parse_cbor_prefix(base::BytesView octets);
/// Exactly one item. Errors: invalid_input (also octets behind it).
base::Result<Cbor> parse_cbor(base::BytesView octets);

}  // namespace webauthn
