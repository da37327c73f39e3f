#include "http/server.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "unit/http/running.hpp"

using test::Answer;
using test::Client;
using test::get;
using test::post;
using test::Running;

TEST_CASE("pipelined requests of all lanes are answered in their order on one connection") {
  const Running running;
  Client client = running.client();
  std::string all;
  for (int i = 0; i < 200; ++i) all += i % 3 == 0 ? get("/instant") : get("/echo/" + std::to_string(i) + "?q");
  all += post("/echo", "", "a body") + get("/instant");
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < 200; ++i) {
    const Answer answer = client.read();
    REQUIRE(answer.status == 200);
    CHECK(answer.body == (i % 3 == 0 ? "instant" : std::to_string(i) + "?q"));
  }
  CHECK(client.read().body == "a body");
  CHECK(client.read().body == "instant");
  sender.join();
}

TEST_CASE("a keep-alive connection serves many requests, octets in any portions") {
  const Running running;
  Client client = running.client();
  const std::string message = post("/echo", "", "hello");
  for (const char c : message) client.send({&c, 1});
  CHECK(client.read().body == "hello");
  CHECK(client.get("/instant").read().body == "instant");
  client.send("HEAD /instant HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer head = client.read(true);
  CHECK(head.status == 200);
  CHECK(head.has("Content-Length: 7\r\n"));
  CHECK(client.get("/large").read().body.size() == 3'000'000);
  client.send("GET /instant HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(client.read().has("Connection: close\r\n"));
  CHECK(client.read_to_end());
}

TEST_CASE("HTTP/1.0 gets a connection of one request unless it asks to keep it") {
  const Running running;
  Client client = running.client();
  client.send("GET /instant HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(client.read().has("Connection: keep-alive\r\n"));
  client.send("GET /instant HTTP/1.0\r\n\r\n");
  CHECK(client.read().status == 200);
  CHECK(client.read_to_end());
}

TEST_CASE("a client that has said all and closed its half still gets its answers") {
  const Running running;
  Client client = running.client();
  client.send(get("/echo/a") + get("/echo/b")).end();
  CHECK(client.read().body == "a?");
  CHECK(client.read().body == "b?");
  CHECK(client.read_to_end());
}

TEST_CASE("chunked bodies come whole, and a client that waits for 100 is told to go on") {
  const Running running;
  Client client = running.client();
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(client.read().body == "abcde");
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read().status == 100);
  CHECK(client.send("wxyz").read().body == "wxyz");
  client.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read().status == 404);
}

TEST_CASE("after a request that could be read in two ways nothing else of the connection is served") {
  const Running running;
  for (const char* head :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 0\r\nContent-Length: 4\r\n",
        "Content-Length: 0\r\n Content-Length: 4\r\n", "Host: b\r\n", "Content-Length: 0\nX: y\r\n"}) {
    Client client = running.client();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(head) + "\r\n0\r\n\r\n" + get("/instant"));
    std::string all;
    CHECK(client.read_to_end(&all));
    CHECK(all.substr(0, 12) == "HTTP/1.1 400");
    CHECK(all.find("instant") == std::string::npos);
  }
}

TEST_CASE("a route cannot be reached by a second spelling of its path") {
  const Running running;
  for (const char* path : {"//instant", "/instant/", "/./instant", "/x/../instant", "/%69nstant", "/instant;x",
                           "/instant%00", "/echo/a%2fb", "/echo/%2e%2e", "/echo/..%5c"}) {
    CAPTURE(path);
    CHECK(running.client().get(path).read().status == 400);
  }
  CHECK(running.client().get("/INSTANT").read().status == 404);
}

TEST_CASE("a handler that throws is a 500 without its reason") {
  const Running running;
  Client client = running.client();
  const Answer answer = client.get("/throws").read();
  CHECK(answer.status == 500);
  CHECK(answer.body.find("secret") == std::string::npos);
  CHECK(client.get("/instant").read().status == 200);
}

TEST_CASE("a header value cannot begin a second header") {
  const Running running;
  const Answer answer = running.client().get("/splits").read();
  CHECK(answer.status == 500);
  CHECK_FALSE(answer.has("Set-Cookie"));
}

TEST_CASE("unknown paths are 404, and known paths with another method 405 with the methods they have") {
  const Running running;
  CHECK(running.client().get("/nowhere").read().status == 404);
  const Answer answer = running.client().send("DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n").read();
  CHECK(answer.status == 405);
  CHECK(answer.has("Allow: POST\r\n"));
  CHECK(running.client().send("BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n").read().status == 405);
  const Answer trace = running.client().send("TRACE /instant HTTP/1.1\r\nHost: a\r\nCookie: s=secret\r\n\r\n").read();
  CHECK(trace.status == 405);
  CHECK_FALSE(trace.has("secret"));
  CHECK(trace.body.find("secret") == std::string::npos);
}

TEST_CASE("a page goes out with a strict policy and is not stored") {
  const Running running;
  const Answer answer = running.client().get("/page").read();
  for (const char* line :
       {"Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'\r\n",
        "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: same-origin\r\n",
        "Permissions-Policy: ", "Cross-Origin-Opener-Policy: same-origin\r\n", "X-Frame-Options: DENY\r\n",
        "Cache-Control: no-store\r\n", "X-Request-Id: "}) {
    CAPTURE(line);
    CHECK(answer.has(line));
  }
  CHECK_FALSE(answer.has("Strict-Transport-Security"));
  CHECK_FALSE(answer.has("Server:"));
}

TEST_CASE("an answer that is no page cannot act as one: sandboxed, in no frame, not sniffed, no referrer") {
  const Running running;
  for (const char* path : {"/data", "/asset", "/document", "/instant", "/nowhere", "/throws", "/splits"}) {
    INFO(path);
    const Answer answer = running.client().get(path).read();
    CHECK(answer.has("X-Content-Type-Options: nosniff\r\n"));
    CHECK(answer.has("Referrer-Policy: no-referrer\r\n"));
    CHECK(
        answer.has("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action "
                   "'none'; sandbox\r\n"));
  }
  CHECK(running.client().get("/data").read().has("Cache-Control: no-store\r\n"));
}

TEST_CASE("a form that another site submits is refused, a form of our own and machines are not") {
  const Running running;
  const auto status = [&](const std::string& path, const std::string& headers) {
    return running.client().send(post(path, headers, "x")).read().status;
  };
  CHECK(status("/echo", "Sec-Fetch-Site: cross-site\r\n") == 403);
  CHECK(status("/echo", "Sec-Fetch-Site: same-site\r\n") == 403);
  CHECK(status("/echo", "Origin: https://evil.example\r\n") == 403);
  CHECK(status("/echo", "Origin: https://a.example.evil\r\n") == 403);
  CHECK(status("/echo", "Origin: null\r\n") == 403);
  CHECK(status("/echo", "Sec-Fetch-Site: same-origin\r\nOrigin: https://evil.example\r\n") == 403);
  CHECK(status("/echo", "Sec-Fetch-Site: same-origin\r\nOrigin: https://a.example\r\n") == 200);
  CHECK(status("/echo", "Origin: http://a.example\r\n") == 200);
  CHECK(status("/echo", "") == 200);
  CHECK(status("/token", "Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example\r\n") == 200);
}

TEST_CASE("who is no listed proxy cannot choose his address, on any listener") {
  const Running alone;
  Client client = alone.client();
  client.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n");
  CHECK(client.read().body == "127.0.0.1 http plain 0");
  const Running behind([](auto& options) { options.trusted_proxies = {"127.0.0.0/8"}; });
  Client proxied = behind.client();
  proxied.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 8.8.8.8, 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n");
  CHECK(proxied.read().body == "9.9.9.9 http tls 0");
}

TEST_CASE(
    "where TLS is asked for, nothing but health and what is marked is answered without it, not even an error page") {
  const Running server([](auto& options) {
    options.tls_only = true;
    options.trusted_proxies = {"127.0.0.2"};
  });
  const auto ask = [&](const std::string& line, const std::string& more = "") {
    Client client = server.client();
    client.send(line + " HTTP/1.1\r\nHost: a.example\r\nCookie: chancery_session=x\r\n" + more + "\r\n");
    return client.read(line.starts_with("HEAD"));
  };
  for (const char* line : {"GET /page", "GET /who", "GET /instant", "HEAD /page", "POST /echo", "POST /token",
                           "GET /nowhere", "DELETE /page", "OPTIONS /token", "GET /healthz/x", "POST /healthz"}) {
    INFO(line);
    const auto reply = ask(line);
    CHECK(reply.status == 421);
    CHECK_FALSE(reply.has("Set-Cookie"));
  }
  CHECK(ask("GET /who", "X-Forwarded-Proto: https\r\nForwarded: proto=https\r\n").status == 421);
  CHECK(ask("GET /healthz").status == 200);
  CHECK(ask("GET /readyz").status == 200);
  CHECK(ask("GET /plain").body == "public");
}

TEST_CASE("TLS at a trusted proxy counts as TLS, and only if the proxy says so") {
  const Running server([](auto& options) {
    options.tls_only = true;
    options.trusted_proxies = {"127.0.0.0/8"};
  });
  const auto status = [&](const std::string& more) {
    Client client = server.client();
    client.send("GET /who HTTP/1.1\r\nHost: a.example\r\n" + more + "\r\n");
    return client.read().status;
  };
  CHECK(status("X-Forwarded-Proto: https\r\n") == 200);
  CHECK(status("X-Forwarded-Proto: http\r\n") == 421);
  CHECK(status("X-Forwarded-Proto: http\r\nX-Forwarded-Proto: https\r\n") == 421);
  CHECK(status("X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n") == 421);
  CHECK(status("X-Forwarded-Proto: https, http\r\n") == 421);
  CHECK(status("") == 421);
}
