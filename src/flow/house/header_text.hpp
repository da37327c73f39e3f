// A header of a request as text that can be kept and shown: browsers send octets, the database takes UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace flow {

/// At most 256 octets, cut between code points; of what is not UTF-8, every octet beyond ASCII becomes '?'.
std::string header_text(std::string_view value);

}  // namespace flow
