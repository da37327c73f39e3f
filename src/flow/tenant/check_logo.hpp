// What a tenant's logo may be: a small SVG image that stands by itself. Pages show it as an image, where browsers run
// no script and fetch nothing; a file that wants to is refused all the same, for it can be opened on its own.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"

namespace flow {

constexpr std::size_t largest_logo = 64 * 1024;

/// Errors: invalid_input (the reason says what is wrong).
base::Result<void> check_logo(std::string_view octets);

}  // namespace flow
