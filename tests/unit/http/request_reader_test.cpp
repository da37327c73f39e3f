#include "http/request_reader.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using State = http::RequestReader::State;

struct Outcome {
  int status = 0;  // 0: complete
  http::Request request;
  std::size_t left = 0;
};

/// Reads `octets` in pieces of `step`. A status of -1 means that more octets are needed.
Outcome feed(const std::string& octets, std::size_t step = 1'000'000, std::size_t body_limit = 1000) {
  Outcome outcome;
  http::RequestReader reader;
  reader.begin(outcome.request, 1024, 10);
  std::string pending;
  std::size_t at = 0;
  while (true) {
    std::size_t used = 0;
    const State state = reader.read(pending, used);
    pending.erase(0, used);
    if (state == State::failed) {
      outcome.status = reader.failure();
      return outcome;
    }
    if (state == State::complete) {
      outcome.left = pending.size() + octets.size() - at;
      return outcome;
    }
    if (state == State::header_complete) {
      if (!reader.allow_body(body_limit)) {
        outcome.status = 413;
        return outcome;
      }
      continue;
    }
    if (at == octets.size()) {
      outcome.status = -1;
      return outcome;
    }
    const std::size_t size = std::min(step, octets.size() - at);
    pending.append(octets, at, size);
    at += size;
  }
}

const std::string start = "GET /a?b=c HTTP/1.1\r\n";
const std::string host = "Host: a.example\r\n";

}  // namespace

TEST_CASE("a request is the same whether it comes at once or octet by octet") {
  const std::string message =
      "POST /a/b?c=d&e HTTP/1.1\r\nHost: a.example:8443\r\nX-A:  v \t\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;ext=1\r\nhello\r\n1\r\n!\r\n0\r\nX-Trailer: ignored\r\n\r\n";
  for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
    const Outcome outcome = feed(message + "GET", step);
    CAPTURE(step);
    CHECK(outcome.status == 0);
    CHECK(outcome.left == 3);
    CHECK(outcome.request.method == http::Method::post);
    CHECK(outcome.request.path == "/a/b");
    CHECK(outcome.request.query == "c=d&e");
    CHECK(outcome.request.host == "a.example:8443");
    CHECK(outcome.request.body == "hello!");
    REQUIRE(outcome.request.find_header("x-a") != nullptr);
    CHECK(*outcome.request.find_header("x-a") == "v");
    CHECK(outcome.request.find_header("X-Trailer") == nullptr);
  }
}

TEST_CASE("what two servers could read in two ways is refused") {
  const std::string post = "POST / HTTP/1.1\r\n" + host;
  const std::string bad[] = {
      post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
      post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      post + "Content-Length: 3, 3\r\n\r\nabc",
      post + "Content-Length: +3\r\n\r\nabc",
      post + "Content-Length: -1\r\n\r\n",
      post + "Content-Length: 0x3\r\n\r\nabc",
      post + "Content-Length: 3 3\r\n\r\nabc",
      post + "Content-Length:\r\n\r\n",
      post + "Content-Length: 99999999999999999999\r\n\r\n",
      post + "Content-Length : 3\r\n\r\nabc",
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      post + "X-A: b\r\n Content-Length: 3\r\n\r\nabc",
      post + "X-A: b\r\n\tfolded\r\n\r\n",
      post + "X-A: b\nContent-Length: 3\r\n\r\nabc",
      post + "X-A: b\rContent-Length: 3\r\n\r\nabc",
      post + "X-A: b\r\r\nContent-Length: 3\r\n\r\nabc",
      post + std::string("X-A: b\0c\r\n\r\n", 12),
      post + "X-A: b\x01\r\n\r\n",
      post + ": b\r\n\r\n",
      post + "X A: b\r\n\r\n",
      post + "no colon\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\nHost:\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
      "GET / HTTP/1.1\nHost: a\n\n",
      " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
      "GET / http/1.1\r\nHost: a\r\n\r\n",
      "GET /\r\nHost: aaaaaaaaaaa\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
      "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a?b#c HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a//b HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
      "GET http://a@b/ HTTP/1.1\r\nHost: b\r\n\r\n",
      "GET file://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  for (const std::string& message : bad) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
      CAPTURE(message);
      CAPTURE(step);
      CHECK(feed(message, step).status == 400);
    }
  }
}

TEST_CASE("chunks that are not exactly chunks are refused") {
  const std::string head = "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n";
  for (const char* bad : {"x\r\n", "-1\r\n", "0x5\r\nhello\r\n", "5\nhello\n0\n\n", "5\r\nhelloX\r\n0\r\n\r\n",
                          " 5\r\nhello\r\n", "5 \r\nhello\r\n0\r\n\r\n", "fffffffffffffffff\r\n", "\r\n"}) {
    CAPTURE(std::string(bad));
    const int status = feed(head + bad + "\r\n\r\n").status;
    CAPTURE(status);
    CHECK(status != 0);
  }
  CHECK(feed(head + "3e9\r\n").status == 413);
  CHECK(feed(head + "3e8\r\n" + std::string(1000, 'a') + "\r\n1\r\na\r\n0\r\n\r\n").status == 413);
  CHECK(feed(head + "3e8\r\n" + std::string(1000, 'a') + "\r\n0\r\n\r\n").status == 0);
  CHECK(feed(head + "1;" + std::string(2000, 'a')).status == 431);
}

TEST_CASE("limits of the header are kept, and say which was broken") {
  CHECK(feed("GET /" + std::string(2000, 'a')).status == 414);
  CHECK(feed(start + host + "X-A: " + std::string(2000, 'a')).status == 431);
  std::string many = start + host;
  for (int i = 0; i < 10; ++i) many += "X: y\r\n";
  CHECK(feed(many + "\r\n").status == 431);
  CHECK(feed("POST / HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n").status == 413);
}

TEST_CASE("other versions and codings have their own answers") {
  CHECK(feed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").status != 0);
  CHECK(feed("GET / HTTP/1.2\r\nHost: a\r\n\r\n").status == 505);
  CHECK(feed("POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n").status == 501);
  CHECK(feed("POST / HTTP/1.1\r\n" + host + "Expect: miracles\r\n\r\n").status == 417);
  CHECK(feed("GET / HTTP/1.0\r\n\r\n").status == 0);
  CHECK(feed("\r\n" + start + host + "\r\n").status == 0);
  CHECK(feed("GET http://a.example/x?y HTTP/1.1\r\nHost: A.example\r\n\r\n").request.path == "/x");
}
