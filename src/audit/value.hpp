// The part of an event that is never erased: words of the program, ids, numbers, times, and names under which an
// administrator registered something. Invariant: text from elsewhere (typed, received, read from an answer) has no way
// into Event::data, because it could not be erased there without breaking the chain. Such text is personal (event.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/id.hpp"
#include "base/time.hpp"

namespace audit {

/// A word of the program: a literal of the source, or the name of an enumerator. No other text becomes one. "" = none.
class Code {
 public:
  constexpr Code() = default;
  consteval Code(const char* literal) : text_(literal) {}  // NOLINT(*-explicit-*): a literal is one
  /// The enumerator's room gives its name (name_of).
  template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
  constexpr Code(Enum one) : text_(name_of(one)) {}  // NOLINT(*-explicit-*): an enumerator is one

  constexpr operator std::string_view() const { return text_; }  // NOLINT(*-explicit-*): it reads as text everywhere
  [[nodiscard]] constexpr std::string_view view() const { return text_; }
  [[nodiscard]] constexpr bool empty() const { return text_.empty(); }
  friend constexpr bool operator==(Code one, std::string_view other) { return one.text_ == other; }

 private:
  std::string_view text_;
};

/// Words of the program, separated by blanks: "email phone".
class Codes {
 public:
  void add(Code code);
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

/// The value of a detail. Text becomes one only by a constructor whose name says why it may stay.
class Value {
 public:
  Value(Code code) : text_(code.view()) {}                                                   // NOLINT(*-explicit-*)
  Value(const base::Id& id) : text_(id.to_string()) {}                                       // NOLINT(*-explicit-*)
  Value(const std::optional<base::Id>& id) : text_(id ? id->to_string() : std::string()) {}  // NOLINT(*-explicit-*)
  Value(base::Time time) : text_(base::to_rfc3339(time)) {}                                  // NOLINT(*-explicit-*)
  Value(const std::optional<base::Time>& time);                                              // NOLINT(*-explicit-*)
  Value(const Codes& codes) : text_(codes.text()) {}                                         // NOLINT(*-explicit-*)
  /// A number; nullopt is left out.
  static Value count(std::optional<std::int64_t> number);
  /// A name that an administrator has given to a thing of the installation and by which commands find it again: a
  /// client, a group, a policy, a context, a scope, a redirect URI. It names no person, and an auditor must always be
  /// able to see what was granted. Control characters are left out.
  static Value registered(std::string_view name);
  /// The pattern of a route, as words: "/admin/accounts/{id}/suspend" is "admin accounts suspend".
  static Value route(std::string_view pattern);
  /// A code that the program made and that comes back from a row, a setting or another room (a key's id, the state of a
  /// message, "smtp 550 5.1.1"). ASCII letters, digits, blank and "_-.:#" up to 128 octets; anything else is
  /// "unreadable".
  static Value checked_code(std::string_view code);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  explicit Value(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// One member of Event::data. A value of "" is left out.
struct Detail {
  Detail(Code its_name, Code its_value) : name(its_name), value(its_value) {}
  Detail(Code its_name, Value its_value) : name(its_name), value(std::move(its_value)) {}

  Code name;
  Value value;
};

}  // namespace audit
