// What a listener is for: which routes it has, and whom it asks for a certificate.
#include <doctest/doctest.h>

#include "http/router.hpp"
#include "http/server.hpp"
#include "unit/http/client.hpp"

using http::Method;
using http::Role;
using http::Router;
using test::Client;

namespace {

http::Route route(std::string pattern, http::Roles roles, const char* answer) {
  http::Route made;
  made.pattern = std::move(pattern);
  made.roles = roles;
  made.handler = [answer](const http::Request&) { return http::Response::text(answer); };
  return made;
}

http::Response say_certificate(const http::Request& request) {
  return http::Response::text(std::to_string(static_cast<int>(request.role)) + " " +
                              std::to_string(request.client_certificate.size()) + " " +
                              request.client_certificate_sha256);
}

struct Roles {
  explicit Roles(const std::function<void(http::Listener&)>& change) {
    test::make_certificate("first.example", certificate, key);
    auto router = std::make_shared<Router>();
    router->get("/ordinary", say_certificate);
    auto connector = route("/connector", {Role::connector}, "");
    connector.handler = say_certificate;
    router->add(std::move(connector));
    http::ServerOptions options;
    http::Listener listener{"https", "127.0.0.1", 0, true, {certificate, key}};
    change(listener);
    options.listeners.push_back(listener);
    server = std::make_unique<http::Server>(options, router);
    const auto started = server->start();
    if (!started) FAIL(started.error().reason);
  }
  [[nodiscard]] std::string ask(const std::string& path, const std::string& host, bool with = true) const {
    Client client(server->port("https"));
    client.name_host(host);
    if (!client.start_tls(0, with ? certificate : "", with ? key : "")) return "no handshake";
    return client.get(path).read().body;
  }

  test::Folder folder;
  std::string certificate = folder / "certificate.pem";
  std::string key = folder / "key.pem";
  std::unique_ptr<http::Server> server;
};

}  // namespace

TEST_CASE("one pattern may be there for several roles, but not twice for one") {
  Router router;
  router.add(route("/", http::ordinary_roles, "page"));
  router.add(route("/", {Role::connector}, "connector"));
  CHECK_THROWS_AS(router.add(route("/", {Role::connector, Role::connector_plain}, "again")), std::logic_error);
  const auto answer = [&](Role role) {
    const auto match = router.match(Method::get, "/", "any", role);
    return match.route == nullptr ? std::string() : match.route->handler(http::Request()).body;
  };
  CHECK(answer(Role::ordinary) == "page");
  CHECK(answer(Role::certificate) == "page");
  CHECK(answer(Role::connector) == "connector");
  CHECK(answer(Role::connector_plain).empty());
  CHECK(router.match(Method::post, "/", "any", Role::connector_plain).allowed.empty());
  CHECK(router.routes().size() == 1);
  CHECK(router.routes(Role::connector).size() == 1);
}

TEST_CASE("the connector's listener asks for a certificate, never demands one, and has only its own paths") {
  const Roles running([](http::Listener& listener) { listener.role = Role::connector; });
  CHECK(running.ask("/connector", "", false) == "1 0 ");
  const std::string with = running.ask("/connector", "");
  CHECK(with.size() > 64);
  CHECK(with.substr(with.size() - 64).find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(running.ask("/ordinary", "").find("404") != std::string::npos);
  CHECK(running.ask("/healthz", "").find("404") != std::string::npos);
}

TEST_CASE("an ordinary listener never has the connector's paths, and asks nobody for a certificate") {
  const Roles running([](http::Listener&) {});
  CHECK(running.ask("/ordinary", "") == "0 0 ");
  CHECK(running.ask("/connector", "").find("404") != std::string::npos);
}

TEST_CASE("with names of hosts only connections to one of them are asked, in whatever case they name it") {
  const Roles running([](http::Listener& listener) {
    listener.role = Role::certificate;
    listener.certificate_hosts = {"cert.example.org"};
  });
  CHECK(running.ask("/ordinary", "") == "3 0 ");
  CHECK(running.ask("/ordinary", "other.example.org") == "3 0 ");
  CHECK(running.ask("/ordinary", "cert.example.org.evil.org") == "3 0 ");
  CHECK(running.ask("/ordinary", "cert.example.org").size() > 64);
  CHECK(running.ask("/ordinary", "CERT.Example.ORG").size() > 64);
  CHECK(running.ask("/ordinary", "cert.example.org", false) == "3 0 ");
}
