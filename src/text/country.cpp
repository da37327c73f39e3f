#include "text/country.hpp"

#include <unicode/timezone.h>

#include <array>

namespace text {

std::string find_country_of_zone(std::string_view zone) {
  std::array<char, 8> region{};
  UErrorCode status = U_ZERO_ERROR;
  const auto length =
      icu::TimeZone::getRegion(icu::UnicodeString::fromUTF8({zone.data(), static_cast<int32_t>(zone.size())}),
                               region.data(), static_cast<int32_t>(region.size()), status);
  if (U_FAILURE(status) || length != 2) return {};  // "001" is the world
  return {region.data(), 2};
}

}  // namespace text
