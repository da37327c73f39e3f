// 128-bit identifiers that are ordered by time (UUID version 7, RFC 9562 §5.7), so that new rows are added at the end
// of an index.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace base {

class Id {
 public:
  Id() = default;  // all zero: "none"

  /// A new identifier made at `t`; within a millisecond the order is random.
  static Id make(Time t);
  /// From the 16 octets of the database. Errors: invalid_input.
  static Result<Id> from_bytes(BytesView bytes);
  /// From "018f6f3e-…" (36 characters). Errors: invalid_input.
  static Result<Id> parse(std::string_view text);

  [[nodiscard]] BytesView bytes() const { return {octets_.data(), octets_.size()}; }
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool is_none() const { return *this == Id(); }
  /// The time for which it was made, with millisecond resolution.
  [[nodiscard]] Time made_at() const;

  friend bool operator==(const Id&, const Id&) = default;
  /// The order of the databases: that of the octets without sign, so that an older identifier is less.
  friend auto operator<=>(const Id& left, const Id& right) { return left.bytes() <=> right.bytes(); }

 private:
  std::array<char, 16> octets_{};
};

}  // namespace base

template <>
struct std::hash<base::Id> {
  std::size_t operator()(const base::Id& id) const noexcept { return std::hash<std::string_view>()(id.bytes()); }
};
