#include "flow/house/site_country.hpp"

#include "text/country.hpp"

namespace flow {

std::string find_country(const SiteSettings& site) {
  return site.country.empty() ? text::find_country_of_zone(site.time_zone) : site.country;
}

}  // namespace flow
