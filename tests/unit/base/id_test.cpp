#include "base/id.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/time.hpp"

namespace {

base::Id make_id(const std::string& first_octets) {
  return *base::Id::parse(first_octets + "00-0000-7000-8000-000000000000");
}

}  // namespace

TEST_CASE("identifiers are in the order in which the databases sort them") {
  CHECK(make_id("00007f") < make_id("000080"));
  CHECK(make_id("00007f") < make_id("0000ff"));
  CHECK(make_id("000080") < make_id("000100"));
  CHECK(make_id("ff0000") > make_id("7f0000"));
}

TEST_CASE("a later identifier is greater, whatever the clock says") {
  base::Id before;
  for (std::int64_t ms = 1'795'864'900'000; ms < 1'795'864'901'000; ms += 7) {
    const base::Id id = base::Id::make(base::from_ms(ms));
    CHECK(before < id);
    CHECK(base::to_ms(id.made_at()) == ms);
    before = id;
  }
}

TEST_CASE("what is no identifier is refused") {
  for (const char* wrong : {"", "odd", "00000000-0000-7000-8000-00000000000", "00000000_0000-7000-8000-000000000000",
                            "g0000000-0000-7000-8000-000000000000", "00000000-0000-7000-8000-0000000000000"}) {
    CAPTURE(wrong);
    CHECK_FALSE(base::Id::parse(wrong));
  }
  CHECK_FALSE(base::Id::from_bytes("short"));
}
