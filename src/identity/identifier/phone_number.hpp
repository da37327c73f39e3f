// Phone numbers in E.164 (S3.6, S4.13, S4.14). Accepted as people write them: +49 …, 0049 …, as inside a default
// country, with blanks, dashes, slashes, dots, "(0)". Checked by length and leading digits for the countries of
// phone_plan.hpp; other countries with '+' and 8 to 15 digits. Canonical form: "+4917234567890".
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace identity {

/// `default_country` is ISO 3166-1 alpha-2, or "" if only international forms are accepted. Errors: invalid_input
/// (letters, extensions, unbalanced brackets, a length or first digits that the plan of the country does not have).
base::Result<std::string> parse_phone_number(std::string_view typed, std::string_view default_country = {});

/// "+49 172 34567890", "+48 600 123 456". A text that is not E.164 is given unchanged.
std::string format_international(std::string_view e164);

}  // namespace identity
