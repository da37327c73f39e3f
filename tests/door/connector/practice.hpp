// A server with the connector's two listeners, and programs of practices that talk to it.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "app/config/config.hpp"
#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/connector_settings.hpp"
#include "unit/http/client.hpp"

namespace door {

inline std::string read_file(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Practice {
  Practice() {
    for (const char* name : {"z1", "other"}) test::make_certificate(name, file(name, ".pem"), file(name, ".key"));
  }
  [[nodiscard]] std::string file(const std::string& name, const char* end) const {
    return (folder.path / (name + end)).string();
  }
  flow::RequestFacts facts() const { return {"192.0.2.7", "Test/1.0", "request-1", base::now()}; }
  rights::Actor ada = flow::make_operator("test");

  void add(const std::string& id) const {
    const auto added = flow::add_system(app.house(), ada, {id, {}, {}}, facts());
    REQUIRE_MESSAGE(added, base::describe(added.error()));
  }
  /// Registers the certificate `name`; gives its fingerprint.
  std::string import(const std::string& id, const std::string& name) const {
    const auto flaw = flow::import_system_certificate(app.house(), ada, id, read_file(file(name, ".pem")), facts());
    REQUIRE(flaw);
    REQUIRE(*flaw == flow::CertificateFlaw::none);
    return flow::look_at_systems(app.house(), ada, base::now())->certificates.front().sha256;
  }
  void demand(const flow::ConnectorDemands& demands) const {
    const auto done = flow::apply_connector_settings(app.house(), ada, {demands, {}, true}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
  }

  /// A connection with TLS to the connector; `certificate` "" = without one.
  [[nodiscard]] test::Client connect(const std::string& certificate = "") const {
    test::Client client(app.server->port("connector"));
    REQUIRE(client.start_tls(0, certificate.empty() ? "" : file(certificate, ".pem"),
                             certificate.empty() ? "" : file(certificate, ".key")));
    return client;
  }
  static test::Answer get(test::Client& client, const std::string& path, const std::string& headers = "") {
    return client.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:9443\r\n" + headers + "\r\n").read();
  }
  [[nodiscard]] test::Answer ask(const std::string& path, const std::string& certificate = "",
                                 const std::string& headers = "") const {
    test::Client client = connect(certificate);
    return get(client, path, headers);
  }
  [[nodiscard]] test::Answer ask_plain(const std::string& path, const std::string& headers = "") const {
    test::Client client(app.server->port("connector_plain"));
    return get(client, path, headers);
  }
  static std::string basic(const std::string& user, const std::string& password) {
    return "Authorization: Basic " + base::to_base64(user + ":" + password) + "\r\n";
  }

  test::Folder folder;
  App app{[this](app::Config& config) {
    test::make_certificate("praxis.local", file("server", ".pem"), file("server", ".key"));
    http::Listener tls;
    tls.name = "connector";
    tls.address = "127.0.0.1";
    tls.tls = true;
    tls.tls_files = {file("server", ".pem"), file("server", ".key")};
    tls.role = http::Role::connector;
    config.server.listeners.push_back(tls);
    http::Listener plain;
    plain.name = "connector_plain";
    plain.address = "127.0.0.1";
    plain.role = http::Role::connector_plain;
    config.server.listeners.push_back(plain);
    // The pages of the connector without TLS, for the browser of these tests.
    plain.name = "pages";
    plain.role = http::Role::connector;
    config.server.listeners.push_back(plain);
  }};
};

}  // namespace door
