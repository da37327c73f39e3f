// Identifiers of the Polish platform ePUAP: the account id (IdKontaUzytkownikaEpuap of a trusted signature) and the id
// of the trusted profile (S4.12, S4.14). Their alphabet is not published; spellings that differ in case or width count
// as one, so that the identifier of another person cannot be taken in a different spelling.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// 3 to 64 code points, no white space, no invisible characters, no <>"'&\. Errors: invalid_input.
base::Result<std::string> parse_epuap_account(std::string_view typed);
/// 3 to 128 code points, the same alphabet. Errors: invalid_input.
base::Result<std::string> parse_epuap_profile(std::string_view typed);

}  // namespace identity
