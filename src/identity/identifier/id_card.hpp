// The number of a Polish identity card: three letters, a check digit, five digits (rozporządzenie MSWiA w sprawie
// wzoru dowodu osobistego; weights of ICAO 9303-3 §4.9). Canonical form: 9 capitals and digits, "ABA300000".
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// Errors: invalid_input (another shape, wrong check digit).
base::Result<std::string> parse_id_card(std::string_view typed);

}  // namespace identity
