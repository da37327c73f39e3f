#include "base/terminal.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace {

/// What a terminal receives of `text`, with its own ends of lines.
std::string seen_on_terminal(const std::string& text) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  REQUIRE(::grantpt(terminal) == 0);
  REQUIRE(::unlockpt(terminal) == 0);
  std::FILE* const to = ::fdopen(::open(::ptsname(terminal), O_WRONLY | O_NOCTTY), "w");
  REQUIRE(to != nullptr);
  base::print(text, to);
  std::fclose(to);
  std::string seen;
  std::array<char, 4096> buffer{};
  // To the end, because a terminal may hand on a text in pieces.
  for (ssize_t got = 0; (got = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
    seen.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(terminal);
  return seen;
}

}  // namespace

TEST_CASE("a hidden character is written as JSON writes it") {
  CHECK(base::escape_hidden("a\nb\tc\x1b[2J") == "a\\nb\\tc\\x1b[2J");
  CHECK(base::escape_hidden("\xC2\x9B\x7F") == "\\u009b\\u007f");
  CHECK(base::escape_hidden("invoice\xE2\x80\xAE"
                            "fdp.exe") == "invoice\\u202efdp.exe");
  CHECK(base::escape_hidden("\xF3\xA0\x81\x81") == "\\udb40\\udc41");
  CHECK(base::escape_hidden("\xFF\xC0") == "\\xff\\xc0");
  CHECK(base::escape_hidden("Zażółć \xD7\x93\xD7\x95\xD7\x93") == "Zażółć \xD7\x93\xD7\x95\xD7\x93");
}

TEST_CASE("lines and columns of an answer stay on a terminal, and nothing in them commands it") {
  CHECK(seen_on_terminal("a\tb\nŻ\n") == "a\tb\r\nŻ\r\n");
  CHECK(seen_on_terminal("gone\x1b[2J\x07 \xE2\x80\xAEtxt\n") == "gone\\x1b[2J\\x07 \\u202etxt\r\n");
}

TEST_CASE("a file receives every octet as it is") {
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  base::print("a\x1b\xE2\x80\xAE\n", file);
  std::rewind(file);
  std::array<char, 16> buffer{};
  const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file);
  CHECK(std::string(buffer.data(), got) == "a\x1b\xE2\x80\xAE\n");
  std::fclose(file);
}
