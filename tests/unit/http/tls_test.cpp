#include <doctest/doctest.h>

#include <vector>

#include "http/server.hpp"
#include "unit/http/client.hpp"

using test::Client;

namespace {

struct TlsServer {
  explicit TlsServer(http::ClientCertificate wish = http::ClientCertificate::none,
                     std::chrono::milliseconds handshake = std::chrono::minutes(5),
                     std::chrono::milliseconds header = std::chrono::minutes(5)) {
    test::make_certificate("first.example", certificate, key);
    auto router = std::make_shared<http::Router>();
    router->get("/who", [](const http::Request& r) {
      return http::Response::text((r.tls ? "tls " : "plain ") + std::to_string(r.client_certificate.size()));
    });
    router->post("/echo", [](const http::Request& r) { return http::Response::text(r.body); });
    http::ServerOptions options;
    options.listeners = {{"https", "127.0.0.1", 0, true, {certificate, key}, wish}};
    options.limits.handshake = handshake;
    options.limits.header = header;
    options.limits.idle = std::chrono::hours(24);
    options.limits.linger = std::chrono::minutes(5);
    server = std::make_unique<http::Server>(options, router);
    const auto started = server->start();
    if (!started) FAIL(started.error().reason);
  }
  [[nodiscard]] Client client() const { return Client(server->port("https")); }

  test::Folder folder;
  std::string certificate = folder / "certificate.pem";
  std::string key = folder / "key.pem";
  std::unique_ptr<http::Server> server;
};

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are served with HSTS, older versions are not") {
  const TlsServer running;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Client client = running.client();
    REQUIRE(client.start_tls(version));
    const auto answer = client.get("/who").read();
    CHECK(answer.body == "tls 0");
    CHECK(answer.has("Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"));
    const std::string body(60'000, 'x');
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + body);
    CHECK(client.read().body == body);
    client.get("/who").get("/who");
    CHECK(client.read().body == "tls 0");
    CHECK(client.read().body == "tls 0");
  }
  Client old = running.client();
  CHECK_FALSE(old.start_tls(TLS1_1_VERSION));
}

TEST_CASE("a foreign client that prefers AES-128 gets AES-256, and without forward secrecy or with old TLS nothing") {
  const test::Folder folder;
  const std::string certificate = folder / "rsa.pem";
  const std::string key = folder / "rsa.key";
  // With an RSA key, so that suites without forward secrecy would be possible.
  const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout " + key +
                           " -out " + certificate + " 2>/dev/null";
  REQUIRE(std::system(make.c_str()) == 0);
  http::ServerOptions options;
  options.listeners = {{"https", "127.0.0.1", 0, true, {certificate, key}}};
  http::Server server(options, std::make_shared<http::Router>());
  REQUIRE(server.start());
  const auto chosen = [&](const std::string& words) {
    const std::string command = "openssl s_client -connect 127.0.0.1:" + std::to_string(server.port("https")) + " " +
                                words + " </dev/null 2>/dev/null";
    const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
    std::string text;
    std::array<char, 4096> block{};
    while (std::fgets(block.data(), static_cast<int>(block.size()), output.get()) != nullptr) text += block.data();
    const auto at = text.find("Cipher is ");
    REQUIRE(at != std::string::npos);
    return text.substr(at + 10, text.find('\n', at) - at - 10);
  };
  CHECK(chosen("-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384") == "TLS_AES_256_GCM_SHA384");
  CHECK(chosen("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384") ==
        "ECDHE-RSA-AES256-GCM-SHA384");
  CHECK(chosen("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256") == "ECDHE-RSA-AES128-GCM-SHA256");
  for (const char* without : {"AES256-GCM-SHA384", "AES128-SHA", "DHE-RSA-AES256-GCM-SHA384"}) {
    CAPTURE(without);
    CHECK(chosen(std::string("-tls1_2 -cipher ") + without + ":@SECLEVEL=0") == "(NONE)");
  }
  CHECK(chosen("-tls1_2 -cipher ECDHE-RSA-AES256-SHA384:@SECLEVEL=0") == "(NONE)");
  CHECK(chosen("-tls1_1 -cipher DEFAULT:@SECLEVEL=0") == "(NONE)");
  CHECK(chosen("-tls1 -cipher DEFAULT:@SECLEVEL=0") == "(NONE)");
}

TEST_CASE("a TLS connection that never says a word ends, before its handshake and after it") {
  const TlsServer before(http::ClientCertificate::none, std::chrono::milliseconds(100));
  CHECK(before.client().read_to_end());
  const TlsServer after(http::ClientCertificate::none, std::chrono::minutes(5), std::chrono::milliseconds(100));
  Client client = after.client();
  REQUIRE(client.start_tls());
  CHECK(client.read_to_end());
}

TEST_CASE("a refusal reaches a client over TLS that is still sending") {
  const TlsServer running;
  Client client = running.client();
  REQUIRE(client.start_tls());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" + std::string(70'000, 'x'));
  CHECK(client.read().status == 413);
}

TEST_CASE("a handshake that does not go on is cut, and plain HTTP on a TLS port ends") {
  const TlsServer running(http::ClientCertificate::none, std::chrono::milliseconds(500));
  CHECK(running.client().read_to_end());
  CHECK(running.client().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read_to_end());
}

TEST_CASE("new certificates are taken without a restart, and bad ones leave the old in use") {
  const TlsServer running;
  Client before = running.client();
  REQUIRE(before.start_tls());
  CHECK(before.server_name() == "first.example");
  test::make_certificate("second.example", running.certificate, running.key);
  REQUIRE(running.server->reload_certificates());
  CHECK(before.get("/who").read().status == 200);
  Client after = running.client();
  REQUIRE(after.start_tls());
  CHECK(after.server_name() == "second.example");

  test::make_certificate("third.example", running.certificate, running.folder / "other-key.pem");
  const auto reloaded = running.server->reload_certificates();
  REQUIRE_FALSE(reloaded);
  CHECK(reloaded.error().code == base::Code::invalid_input);
  Client still = running.client();
  REQUIRE(still.start_tls());
  CHECK(still.server_name() == "second.example");
}

TEST_CASE("a certificate or key that is missing or foreign is refused at the start, and named") {
  const test::Folder folder;
  test::make_certificate("a", folder / "a.pem", folder / "a.key");
  test::make_certificate("b", folder / "b.pem", folder / "b.key");
  const auto start = [&](const std::string& certificate, const std::string& key) {
    http::ServerOptions options;
    options.listeners = {{"https", "127.0.0.1", 0, true, {certificate, key}}};
    const auto started = http::Server(options, std::make_shared<http::Router>()).start();
    return started ? std::string("started") : started.error().reason;
  };
  CHECK(start(folder / "none.pem", folder / "a.key").find("none.pem") != std::string::npos);
  CHECK(start(folder / "a.pem", folder / "none.key").find("none.key") != std::string::npos);
  CHECK(start(folder / "a.pem", folder / "b.key").find("b.key") != std::string::npos);
  CHECK(start(folder / "a.pem", folder / "a.key") == "started");
}

TEST_CASE("a listener may ask for a certificate of the client or demand it") {
  const TlsServer asks(http::ClientCertificate::optional);
  Client without = asks.client();
  REQUIRE(without.start_tls());
  CHECK(without.get("/who").read().body == "tls 0");
  Client with = asks.client();
  REQUIRE(with.start_tls(0, asks.certificate, asks.key));
  CHECK(std::stoi(with.get("/who").read().body.substr(4)) > 100);

  const TlsServer demands(http::ClientCertificate::required);
  Client nobody = demands.client();
  nobody.start_tls();
  CHECK(nobody.get("/who").read().status == 0);
  Client somebody = demands.client();
  REQUIRE(somebody.start_tls(0, demands.certificate, demands.key));
  CHECK(somebody.get("/who").read().status == 200);
}
