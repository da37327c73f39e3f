#include "flow/house/header_text.hpp"

#include <doctest/doctest.h>

TEST_CASE("a header becomes text that can be kept: UTF-8, not too long, not cut inside a letter") {
  CHECK(flow::header_text("Firefox/140") == "Firefox/140");
  CHECK(flow::header_text("\xc5\xbb\xc3\xb3\xc5\x82w") == "\xc5\xbb\xc3\xb3\xc5\x82w");
  CHECK(flow::header_text("\xff\xfe Browser") == "?? Browser");
  CHECK(flow::header_text(std::string(255, 'x') + "\xc5\x9b") == std::string(255, 'x'));
  CHECK(flow::header_text(std::string(300, '\x80')).size() <= 256);
  CHECK(flow::header_text("").empty());
}
