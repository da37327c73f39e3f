// The country in which the installation stands: telephone numbers without a country code are its numbers.
#pragma once

#include <string>

#include "flow/house/site_settings.hpp"

namespace flow {

/// ISO 3166-1 alpha-2: the setting, else the country of the time zone; "" = none (a zone such as "UTC").
std::string find_country(const SiteSettings& site);

}  // namespace flow
