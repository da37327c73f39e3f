// JSON of security tokens from others. A name has one value, because parsers differ about duplicate members and an
// attacker could use the difference to evade a check (RFC 8725 §2.4, RFC 8259 §4). Strict grammar of RFC 8259, UTF-8
// only.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace crypto {

/// The members of the outermost object: value of those that are strings or booleans.
struct ObjectOutline {
  struct Member {
    bool is_text = false;
    std::string text;
    bool is_true = false;   // the value `true`
    bool is_false = false;  // the value `false`
  };
  std::map<std::string, Member, std::less<>> members;

  [[nodiscard]] bool has(std::string_view name) const { return members.contains(name); }
  /// The text of a string member; nullptr if it is absent or not a string.
  [[nodiscard]] const std::string* find_text(std::string_view name) const;
};

constexpr std::size_t most_json_depth = 32;

/// Errors: invalid_input (not JSON, not an object, duplicate members at any level, deeper than 32, octets behind it).
base::Result<ObjectOutline> outline_object(std::string_view json);

}  // namespace crypto
