// A tenant's logo must be a small SVG image of listed elements and attributes, without references to other files. Pages
// show it as an image, so that browsers run no script in it. A file with a script is refused nevertheless, because a
// person could open it directly.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"

namespace flow {

constexpr std::size_t largest_logo = 64 * 1024;

/// Errors: invalid_input (the reason says what is wrong).
base::Result<void> check_logo(std::string_view octets);

}  // namespace flow
