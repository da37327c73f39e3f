#include "http/chunk_decoder.hpp"

#include <doctest/doctest.h>

namespace {

using State = http::ChunkDecoder::State;

/// Decodes `octets` in pieces of `step`: 0 = complete, -1 = more is needed, else the status.
int decode(const std::string& octets, std::size_t step, std::string& body, std::size_t limit = 10) {
  http::ChunkDecoder decoder;
  decoder.begin(20);
  body.clear();
  for (std::size_t at = 0; at < octets.size(); at += step) {
    std::size_t consumed = 0;
    const State state = decoder.read(std::string_view(octets).substr(at, step), consumed, body, limit);
    if (state == State::failed) return decoder.failure();
    if (state == State::complete) return at + consumed == octets.size() ? 0 : -2;
    CHECK(consumed == std::min(step, octets.size() - at));
  }
  return -1;
}

}  // namespace

TEST_CASE("chunks, extensions and trailers are read in any pieces") {
  std::string body;
  for (const std::size_t step : {1U, 2U, 3U, 5U, 100U}) {
    CHECK(decode("3\r\nabc\r\n0002;x=\"y\"\r\nde\r\n0;z\r\nA: b\r\nC: d\r\n\r\n", step, body) == 0);
    CHECK(body == "abcde");
    CHECK(decode("0\r\n\r\n", step, body) == 0);
    CHECK(decode("a\r\n0123456789\r\n00\r\n\r\n", step, body) == 0);
  }
}

TEST_CASE("what is not exactly a chunk is refused") {
  std::string body;
  for (const char* bad :
       {"x\r\n", "\r\n", "-1\r\n", "+1\r\n", " 1\r\n", "1 \r\n", "0x1\r\n", "1\na\n0\n\n", "1\r\naX", "1\r\na\n0",
        "1\r\na\r0", "1;\n", "0\r\n folded\r\n\r\n", "0\r\nA: b\nC: d\r\n\r\n", "0\r\n\rX", "0\r\nA\x01\r\n\r\n"}) {
    CAPTURE(std::string(bad));
    CHECK(decode(bad, 1, body) == 400);
    CHECK(decode(bad, 100, body) == 400);
  }
}

TEST_CASE("a chunk that would break the limit is refused before it comes, and long-winded ones too") {
  std::string body;
  CHECK(decode("b\r\n", 100, body) == 413);
  CHECK(decode("a\r\n0123456789\r\n1\r\n", 100, body) == 413);
  CHECK(decode("fffffffff\r\n", 100, body) == 413);
  CHECK(decode("1;" + std::string(21, 'x'), 100, body) == 431);
  CHECK(decode("0\r\nA: " + std::string(21, 'x'), 100, body) == 431);
}
