#include "demo/options.hpp"

#include <doctest/doctest.h>

namespace {

demo::Options read(const std::vector<std::string>& arguments) {
  auto options = demo::parse_options(arguments);
  REQUIRE_MESSAGE(options, options.error().reason);
  return *options;
}

}  // namespace

TEST_CASE("the issuer is the plain port, and with --https the one with TLS; the applications stay where they are") {
  CHECK(read({}).issuer() == "http://localhost:8080");
  const auto options = read({"--https", "--port-base", "12000"});
  CHECK(options.issuer() == "https://localhost:12443");
  CHECK(options.portal() == "http://localhost:12090");
  CHECK(options.laboratory() == "http://localhost:12091");
  CHECK(options.metrics_port() == 12095);
}

TEST_CASE("an option takes its value as the next word or after an equals sign") {
  CHECK(read({"--data", "x"}).data == "x");
  CHECK(read({"--data=x=y"}).data == "x=y");
  CHECK(read({"--chancery", "/opt/chancery"}).chancery == "/opt/chancery");
  CHECK(read({"--help"}).help);
}

TEST_CASE("a wrong option is refused by its name") {
  const std::vector<std::vector<std::string>> wrong{
      {"--colour", "x"},     {"--https=yes"},         {"--data"},     {"--data="},
      {"--port-base", "99"}, {"--port-base", "80x0"}, {"--chancery"}, {"x"}};
  for (const auto& arguments : wrong) {
    CAPTURE(arguments.front());
    const auto options = demo::parse_options(arguments);
    REQUIRE_FALSE(options);
    const std::string name = arguments.front().substr(0, arguments.front().find('='));
    CHECK(options.error().reason.find(name) != std::string::npos);
  }
}
