#include "remote/http_client.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include "unit/remote/loopback_server.hpp"
#include "unit/remote/tls_server.hpp"

using base::Code;
using remote::HttpClient;
using remote::HttpOptions;
using remote::HttpRequest;
using remote_test::Connection;
using remote_test::LoopbackServer;

namespace {

constexpr std::string_view good_answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

HttpClient client_for(const LoopbackServer& server, HttpOptions options = {}) {
  options.loopback_http.push_back(server.place());
  return HttpClient::make(std::move(options)).value();
}

Code code_of(const HttpClient& client, const std::string& url) {
  const auto result = client.send({HttpRequest::Method::get, url, {}, {}});
  REQUIRE_FALSE(result);
  return result.error().code;
}

}  // namespace

TEST_CASE("a form is posted to a place on this machine that the options allow") {
  std::string seen;
  {
    LoopbackServer server([&](Connection& c) {
      seen = c.read_http_request();
      c.write(good_answer);
    });
    const auto client = client_for(server);
    const auto response = client.send({HttpRequest::Method::post,
                                       server.url("/hook?x=1"),
                                       {{"Content-Type", "application/x-www-form-urlencoded"}},
                                       "a=b&c=d"});
    REQUIRE(response);
    CHECK(response->status == 200);
    CHECK(response->content_type == "text/plain");
    CHECK(response->body == "ok");
  }
  CHECK(seen.starts_with("POST /hook?x=1 HTTP/1.1\r\n"));
  CHECK(seen.ends_with("\r\n\r\na=b&c=d"));
  CHECK(seen.find("Content-Type: application/x-www-form-urlencoded\r\n") != std::string::npos);
  CHECK(seen.find("Expect") == std::string::npos);
  CHECK(seen.find("Accept-Encoding") == std::string::npos);
}

TEST_CASE("an answer of any status is an answer") {
  LoopbackServer server([](Connection& c) {
    const bool empty = c.read_http_request().starts_with("GET /empty");
    c.write(empty ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 503 Later\r\nContent-Length: 4\r\n\r\nbusy");
  });
  const auto client = client_for(server);
  CHECK(client.send({HttpRequest::Method::get, server.url("/empty"), {}, {}}).value().status == 204);
  const auto busy = client.send({HttpRequest::Method::get, server.url("/busy"), {}, {}}).value();
  CHECK(busy.status == 503);
  CHECK(busy.body == "busy");
}

TEST_CASE("redirects are not followed") {
  LoopbackServer target([](Connection& c) {
    c.read_http_request();
    c.write(good_answer);
  });
  LoopbackServer server([&](Connection& c) {
    c.read_http_request();
    c.write("HTTP/1.1 307 Elsewhere\r\nLocation: " + target.url() + "\r\nContent-Length: 0\r\n\r\n");
  });
  HttpOptions options;
  options.loopback_http.push_back(target.place());
  const auto client = client_for(server, options);
  CHECK(client.send({HttpRequest::Method::post, server.url(), {}, "secret"}).value().status == 307);
  CHECK(target.connections() == 0);
}

TEST_CASE("inner addresses are denied, by number, by name and in disguise, and never connected to") {
  LoopbackServer server([](Connection& c) {
    c.read_http_request();
    c.write(good_answer);
  });
  const auto client = HttpClient::make({}).value();
  const std::string port = ":" + std::to_string(server.port());
  for (const char* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.0.0.1", "0177.0.0.1",
                           "127.1", "0.0.0.0", "127.0.0.1."}) {
    CAPTURE(host);
    // A spelling that libcurl does not resolve is as safe as a denied one.
    const auto plain = code_of(client, "http://" + std::string(host) + port + "/");
    CHECK((plain == Code::denied || plain == Code::invalid_input));
    const auto tls = code_of(client, "https://" + std::string(host) + port + "/");
    CHECK((tls == Code::denied || tls == Code::unavailable || tls == Code::invalid_input));
  }
  CHECK(code_of(client, "https://127.0.0.1" + port + "/") == Code::denied);
  CHECK(code_of(client, "https://localhost" + port + "/") == Code::denied);
  CHECK(code_of(client, "https://169.254.169.254/latest/meta-data/") == Code::denied);
  CHECK(code_of(client, "https://10.0.0.1/") == Code::denied);
  CHECK(code_of(client, "https://[fe80::1]/") == Code::denied);
  CHECK(code_of(client, "https://[::ffff:127.0.0.1]" + port + "/") == Code::denied);
  CHECK(server.connections() == 0);
}

TEST_CASE("plain http is denied everywhere but at the listed place, port included") {
  LoopbackServer server([](Connection& c) {
    c.read_http_request();
    c.write(good_answer);
  });
  const auto client = client_for(server);
  CHECK(client.send({HttpRequest::Method::get, server.url(), {}, {}}));
  const int before = server.connections();
  CHECK(code_of(client, "http://localhost:" + std::to_string(server.port()) + "/") == Code::denied);
  CHECK(code_of(client, "http://127.0.0.2:" + std::to_string(server.port()) + "/") == Code::denied);
  CHECK(code_of(client, "http://127.0.0.1/") == Code::denied);
  CHECK(code_of(client, "http://example.com/") == Code::denied);
  CHECK(code_of(client, "https://127.0.0.1:" + std::to_string(server.port()) + "/") == Code::denied);
  CHECK(server.connections() == before);
}

TEST_CASE("what is signed by itself is fetched by plain http, from allowed addresses only") {
  LoopbackServer server([](Connection& c) {
    c.read_http_request();
    c.write(good_answer);
  });
  const auto fetch = [&](const remote::HttpOptions& options) {
    return HttpClient::make(options).value().send({HttpRequest::Method::get, server.url(), {}, {}});
  };
  remote::HttpOptions options;
  options.takes_signed_over_http = true;
  CHECK(fetch(options).error().code == Code::denied);
  CHECK(server.connections() == 0);
  options.allowed_networks = {"127.0.0.0/8"};
  CHECK(fetch(options));
  options.takes_signed_over_http = false;
  CHECK(fetch(options).error().code == Code::denied);
}

TEST_CASE("what is no absolute web address is invalid or denied") {
  const auto client = HttpClient::make({}).value();
  for (const char* url : {"", "/path", "example.com", "//example.com/", "https://", "https:///x",
                          "https://u:p@example.com/", "https://u@example.com/", "https://exa mple.com/",
                          "https://example.com/a b", "https://example.com/\r\nX: y", "https://ex\xc3\xa4mple.com/",
                          "https://example.com\\@evil/", "https://example.com:99999/", "https://example.com:x/"}) {
    CAPTURE(std::string(url));
    CHECK(code_of(client, url) == Code::invalid_input);
  }
  CHECK(code_of(client, "https://example.com/" + std::string(5000, 'a')) == Code::invalid_input);
  for (const char* url :
       {"ftp://example.com/", "gopher://example.com/", "smtp://example.com/", "dict://example.com/"}) {
    CAPTURE(std::string(url));
    CHECK(code_of(client, url) == Code::denied);
  }
  CHECK(code_of(client, "file:///etc/passwd") == Code::invalid_input);
}

TEST_CASE("a header cannot bring a second one") {
  LoopbackServer server([](Connection& c) { c.read_http_request(); });
  const auto client = client_for(server);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"X", "a\r\nY: b"},
                                                                                    {"X", "a\nb"},
                                                                                    {"X", std::string("a\0b", 3)},
                                                                                    {"X: y", "z"},
                                                                                    {"", "z"},
                                                                                    {"X\r\n", "z"}}) {
    const auto result = client.send({HttpRequest::Method::get, server.url(), {{name, value}}, {}});
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Code::invalid_input);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("an answer over the limit is cut off, with and without a declared length") {
  LoopbackServer server([](Connection& c) {
    const std::string request = c.read_http_request();
    if (request.starts_with("GET /declared")) c.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    if (request.starts_with("GET /endless")) c.write("HTTP/1.1 200 OK\r\n\r\n");
    if (request.starts_with("GET /headers")) {
      c.write("HTTP/1.1 200 OK\r\n");
      while (c.write("X: " + std::string(1000, 'x') + "\r\n")) {
      }
    }
    if (request.starts_with("GET /exact")) {
      c.write("HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + std::string(1024, 'x'));
      return;
    }
    while (c.write(std::string(1000, 'x'))) {
    }
  });
  HttpOptions options;
  options.most_body = 1024;
  const auto client = client_for(server, options);
  CHECK(code_of(client, server.url("/declared")) == Code::unavailable);
  CHECK(code_of(client, server.url("/endless")) == Code::unavailable);
  CHECK(code_of(client, server.url("/headers")) == Code::unavailable);
  CHECK(client.send({HttpRequest::Method::get, server.url("/exact"), {}, {}}).value().body.size() == 1024);
}

TEST_CASE("a peer that never answers, or drips, costs the time that is allowed and no more") {
  LoopbackServer server([](Connection& c) {
    if (c.read_http_request().starts_with("GET /half")) c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal");
    c.wait_for_close();
  });
  HttpOptions options;
  options.total_time = base::Duration(150);
  const auto client = client_for(server, options);
  for (const char* path : {"/silent", "/half"}) {
    const auto answer = client.send({HttpRequest::Method::get, server.url(path), {}, {}});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::unavailable);
    CHECK(answer.error().reason.ends_with(": Timeout was reached"));
  }
}

TEST_CASE("a peer that is not there, hangs up or talks nonsense is unavailable") {
  std::string closed_url;
  HttpOptions options;
  {
    LoopbackServer gone([](Connection&) {});
    closed_url = gone.url();
    options.loopback_http.push_back(gone.place());
  }
  LoopbackServer server([](Connection& c) {
    const std::string request = c.read_http_request();
    if (request.starts_with("GET /nonsense")) c.write("220 mail.example ESMTP\r\n");
    if (request.starts_with("GET /cut")) c.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal");
  });
  const auto client = client_for(server, options);
  CHECK(code_of(client, closed_url) == Code::unavailable);
  CHECK(code_of(client, server.url("/hangs-up")) == Code::unavailable);
  CHECK(code_of(client, server.url("/nonsense")) == Code::unavailable);
  CHECK(code_of(client, server.url("/cut")) == Code::unavailable);
}

TEST_CASE("a client that is stopped ends the calls that run") {
  LoopbackServer server([](Connection& c) {
    c.read_http_request();
    c.wait_for_close();
  });
  auto client = client_for(server);
  std::thread caller([&] { CHECK(code_of(client, server.url()) == Code::unavailable); });
  while (server.connections() == 0) std::this_thread::yield();
  client.stop();
  caller.join();
  CHECK(code_of(client, server.url()) == Code::unavailable);
}

TEST_CASE("one client serves several threads") {
  LoopbackServer server([](Connection& c) {
    c.read_http_request();
    c.write(good_answer);
  });
  const auto client = client_for(server);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        if (client.send({HttpRequest::Method::get, server.url(), {}, {}})) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(good == 40);
}

TEST_CASE("proxies of the environment are ignored") {
  LoopbackServer proxy([](Connection& c) {
    c.read_http_request();
    c.write("HTTP/1.1 418 Proxy\r\nContent-Length: 0\r\n\r\n");
  });
  LoopbackServer server([](Connection& c) {
    c.read_http_request();
    c.write(good_answer);
  });
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
    ::setenv(name, proxy.url().c_str(), 1);
  CHECK(client_for(server).send({HttpRequest::Method::get, server.url(), {}, {}}).value().status == 200);
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  CHECK(proxy.connections() == 0);
}

TEST_CASE("a certificate must be trusted and of the right name") {
  const remote_test::TlsServer server(true);
  const auto url = [&](const std::string& host) {
    return "https://" + host + ":" + std::to_string(server.port()) + "/";
  };
  HttpOptions options;
  options.allowed_networks = {"127.0.0.0/8", "::1/128"};
  const auto stranger = HttpClient::make(options).value();
  CHECK(code_of(stranger, url("localhost")) == Code::unavailable);
  options.ca_file = server.certificate();
  const auto trusting = HttpClient::make(options).value();
  const auto response = trusting.send({HttpRequest::Method::get, url("localhost"), {}, {}});
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(code_of(trusting, url("127.0.0.1")) == Code::unavailable);
  options.allowed_networks.clear();
  CHECK(code_of(HttpClient::make(options).value(), url("localhost")) == Code::denied);
}

TEST_CASE("calls to others offer forward secrecy and AEAD alone, AES-256 first, and take no TLS older than 1.2") {
  const auto call = [](const std::vector<std::string>& server_words) {
    const remote_test::TlsServer server(true, server_words);
    HttpOptions options;
    options.allowed_networks = {"127.0.0.0/8", "::1/128"};
    options.ca_file = server.certificate();
    const std::string url = "https://localhost:" + std::to_string(server.port()) + "/";
    const auto answer = HttpClient::make(options).value().send({HttpRequest::Method::get, url, {}, {}});
    return answer ? answer->body : std::string();
  };
  const std::string newest = call({});
  CHECK(newest.find("Cipher    : TLS_AES_256_GCM_SHA384") != std::string::npos);
  // The page of `openssl s_server -www` lists what both know, in the order of the client.
  const std::string shared = newest.substr(newest.find("Ciphers common between both SSL end points:") + 44, 400);
  CAPTURE(shared);
  const auto place = [&](const char* name) { return shared.find(name); };
  CHECK(place("TLS_AES_256_GCM_SHA384") < place("TLS_AES_128_GCM_SHA256"));
  CHECK(place("ECDHE-ECDSA-AES256-GCM-SHA384") < place("ECDHE-ECDSA-AES128-GCM-SHA256"));
  CHECK(place("ECDHE-ECDSA-AES128-GCM-SHA256") != std::string::npos);
  CHECK(shared.substr(0, shared.find("Signature")).find("SHA\n") == std::string::npos);

  const auto one = [](const char* cipher) { return std::vector<std::string>{"-tls1_2", "-cipher", cipher}; };
  CHECK(call(one("ECDHE-ECDSA-AES256-GCM-SHA384")).find("ECDHE-ECDSA-AES256-GCM-SHA384") != std::string::npos);
  CHECK(call(one("ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0")).empty());
  CHECK(call({"-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"}).empty());
  CHECK(call({"-tls1", "-cipher", "DEFAULT:@SECLEVEL=0"}).empty());
}

TEST_CASE("options that cannot be read are refused at the start") {
  for (const char* place : {"localhost", "example.com:80", "10.0.0.1:80", "localhost:", "localhost:http", ":80", ""}) {
    CAPTURE(place);
    HttpOptions options;
    options.loopback_http.emplace_back(place);
    CHECK_FALSE(HttpClient::make(options));
  }
  HttpOptions options;
  options.allowed_networks.emplace_back("10.0.0.1/8");
  CHECK_FALSE(HttpClient::make(options));
  options.allowed_networks = {"10.0.0.0/8"};
  options.loopback_http = {"LOCALHOST:80", "[::1]:8080", "127.0.0.1:1"};
  CHECK(HttpClient::make(options));
}
