// Claims of a token whose signature has been verified, by name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace flow {

class Claims {
 public:
  /// Errors: invalid_input (not a JSON object).
  static base::Result<Claims> parse(std::string_view json);
  /// A claim that is text; "" if it is absent or of another type.
  [[nodiscard]] std::string text(std::string_view name) const;
  /// A claim that is a whole number.
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
};

}  // namespace flow
