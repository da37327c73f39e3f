// The text of a statement, with $1, $2, … for its parameters, in SQL that both engines accept. A text lives as long as
// the program, because a statement is prepared once for each connection and found again by the address of its text.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace store {

/// Only a literal, or parts that are joined while the program is compiled (`sql<…>`), become one.
class Sql {
 public:
  template <std::size_t n>
  consteval Sql(const char (&text)[n]) : text_(text), size_(n - 1) {}  // NOLINT: implicit on purpose
  template <std::size_t n>
  consteval explicit Sql(const std::array<char, n>& text) : text_(text.data()), size_(n - 1) {}
  [[nodiscard]] const char* text() const { return text_; }
  [[nodiscard]] std::string_view view() const { return {text_, size_}; }

 private:
  const char* text_;
  std::size_t size_;
};

/// A part of a statement that several share: the list of columns, which is next to its reader in the source.
template <std::size_t n>
struct SqlPart {
  consteval SqlPart(const char (&text)[n]) { std::copy_n(text, n, octets.begin()); }  // NOLINT: implicit on purpose
  std::array<char, n> octets{};
};

template <SqlPart... parts>
inline constexpr auto joined_sql = [] {
  std::array<char, (0 + ... + (parts.octets.size() - 1)) + 1> text{};
  auto* end = text.data();
  ((end = std::copy_n(parts.octets.data(), parts.octets.size() - 1, end)), ...);
  return text;
}();

/// sql<"SELECT ", columns, " FROM tenant WHERE id = $1">
template <SqlPart... parts>
inline constexpr Sql sql{joined_sql<parts...>};

}  // namespace store
