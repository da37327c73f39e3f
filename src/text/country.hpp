// Which country a time zone belongs to (CLDR).
#pragma once

#include <string>
#include <string_view>

namespace text {

/// "Europe/Warsaw": "PL" (ISO 3166-1 alpha-2). "" = the zone is unknown or of no single country, such as "UTC".
std::string find_country_of_zone(std::string_view zone);

}  // namespace text
