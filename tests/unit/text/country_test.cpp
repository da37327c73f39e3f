#include "text/country.hpp"

#include <doctest/doctest.h>

TEST_CASE("a time zone names its country, and one of no country or no zone names none") {
  CHECK(text::find_country_of_zone("Europe/Warsaw") == "PL");
  CHECK(text::find_country_of_zone("Europe/Berlin") == "DE");
  CHECK(text::find_country_of_zone("Poland") == "PL");
  for (const char* none : {"UTC", "Etc/GMT-1", "", "Europe/Nowhere", "PL"}) {
    CHECK_MESSAGE(text::find_country_of_zone(none).empty(), none);
  }
}
