// The service directory and /info: what programs read without any proof.
#include <array>
#include <cstdlib>

#include "door/connector/practice.hpp"
#include "places.hpp"

using door::has;
using door::Practice;

TEST_CASE("the directory is valid against its schema, and names the host that the client used") {
  const Practice f;
  const auto read = f.ask("/connector.sds");
  REQUIRE(read.status == 200);
  CHECK(read.has("Content-Type: text/xml; charset=utf-8"));
  CHECK(has(read.body, "<SI:EndpointTLS Location=\"https://127.0.0.1:9443/connector/self\"/>"));
  CHECK(has(read.body, "<CONN:TLSMandatory>true</CONN:TLSMandatory>"));
  CHECK(has(read.body, "<CONN:ClientAutMandatory>false</CONN:ClientAutMandatory>"));
  const std::string file = f.file("connector", ".sds");
  std::ofstream(file) << read.body;
  const std::string schema = testing::source_folder + "/tests/vectors/connector/conn/ServiceDirectory.xsd";
  const std::string command = "xmllint --noout --nonet --schema " + schema + " " + file + " 2>/dev/null";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("by name, by IPv6 address and without a port the directory names just that") {
  const Practice f;
  const std::array<std::array<std::string, 2>, 3> hosts{{{"praxis.local:9443", "https://praxis.local:9443/"},
                                                         {"[::1]:9443", "https://[::1]:9443/"},
                                                         {"praxis.local", "https://praxis.local/"}}};
  for (const auto& [host, origin] : hosts) {
    test::Client client = f.connect();
    const auto read = client.send("GET /connector.sds HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
    CHECK(has(read.body, "\"" + origin + "connector/self\""));
  }
}

TEST_CASE("a host that is not this connector's is not repeated, neither with TLS nor without") {
  const Practice f;
  f.demand({.tls_only = false, .plain_directory = true});
  for (const std::string host : {"evil.example", "evil.example:9443", "praxis.local.evil.example", "192.0.2.1",
                                 "[2001:db8::1]:9443", "xn--.praxis.local"}) {
    CAPTURE(host);
    for (const char* path : {"/connector.sds", "/info"}) {
      test::Client client = f.connect();
      const auto read = client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
      CHECK(read.status == 421);
      CHECK_FALSE(has(read.body, host));
      test::Client plain(f.app.server->port("connector_plain"));
      CHECK(plain.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read().status == 421);
    }
  }
  test::Client client = f.connect();
  CHECK(has(client.send("GET /info HTTP/1.1\r\nHost: PRAXIS.local:9443\r\n\r\n").read().body,
            "https://PRAXIS.local:9443/administration/start.htm"));
}

TEST_CASE("over plain HTTP there is the directory if it is allowed, with the port of TLS, and the same otherwise") {
  const Practice f;
  const auto refused = f.ask_plain("/connector.sds");
  CHECK(refused.status == 403);
  CHECK(has(refused.body, "over HTTP"));
  f.demand({.plain_directory = true});
  const auto read = f.ask_plain("/connector.sds");
  CHECK(read.status == 200);
  const std::string port = std::to_string(f.app.server->port("connector"));
  CHECK(has(read.body, "https://127.0.0.1:" + port + "/connector/self"));
  for (const char* path : {"/info", "/connector/self"}) {
    const auto other = f.ask_plain(path);
    CHECK(other.status == 403);
    CHECK(has(other.body, "TLS only"));
  }
}

TEST_CASE("a changed setting is in the very next directory") {
  const Practice f;
  f.add("Z1");
  f.import("Z1", "z1");
  f.demand({.tls_only = false, .is_mandatory = true});
  const auto read = f.ask("/connector.sds");
  CHECK(has(read.body, "<CONN:TLSMandatory>false</CONN:TLSMandatory>"));
  CHECK(has(read.body, "<CONN:ClientAutMandatory>true</CONN:ClientAutMandatory>"));
}

TEST_CASE("product, versions and the address of the administration are read without a login") {
  const Practice f;
  const auto read = f.ask("/info");
  REQUIRE(read.status == 200);
  CHECK(has(read.body, "{\"product\":\"Chancery\",\"firmware_version\":\""));
  CHECK(has(read.body, "\"product_type_version\":\""));
  CHECK(has(read.body, "\"administration_url\":\"https://127.0.0.1:9443/administration/start.htm\"}"));
}

TEST_CASE("a host that is none is not repeated into the answer") {
  const Practice f;
  test::Client client = f.connect();
  const auto read = client.send("GET /connector.sds HTTP/1.1\r\nHost: a\"><x\r\n\r\n").read();
  CHECK(read.status == 400);
  CHECK_FALSE(has(read.body, "<x"));
}
