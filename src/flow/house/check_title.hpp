// The form of the names that administrators give to things: tenants, contexts, roles, groups.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace flow {

/// 1 to 100 characters in one line, not only blanks. Errors: invalid_input, which begins with `what` ("name").
base::Result<void> check_title(std::string_view what, std::string_view title);

/// The name in small ASCII letters, digits and "-", at most `longest`: "Praxis Łódź 7" gives "praxis-lodz-7"; of a name
/// without such letters "".
std::string plain_word(std::string_view name, std::size_t longest);
/// A key (rights::check_key) that is made of a name; "" = the name has no letter for it.
std::string suggest_key(std::string_view name);

}  // namespace flow
