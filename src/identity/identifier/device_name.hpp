// What a person calls a device of their own: "Ward 3, left desk".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

inline constexpr std::size_t longest_device_name = 40;  // code points

/// Without white space at its ends; "" = the device has no name. Errors: invalid_input (not UTF-8, longer than
/// longest_device_name, or with control or invisible characters).
base::Result<std::string> parse_device_name(std::string_view typed);

}  // namespace identity
