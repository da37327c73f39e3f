#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "app/command/command.hpp"
#include "places.hpp"

TEST_CASE("the operators' page of commands is the one that the program prints") {
  const std::string printed = app::parse_command_line({"help", "--print-reference"}).out;
  std::ifstream file(testing::source_folder + "/docs/operators/commands.md");
  const std::string stored((std::istreambuf_iterator<char>(file)), {});
  const bool is_same = printed == stored;
  INFO("chancery help --print-reference > docs/operators/commands.md");
  CHECK(is_same);
  CHECK(printed.find("\n\n\n") == std::string::npos);
  CHECK(printed.find("### `chancery account create`\n") != std::string::npos);
}
