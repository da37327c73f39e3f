// Which client system a program is, on every listener and under every setting: refusals first.
#include "door/connector/practice.hpp"
#include "flow/account/suspend_account.hpp"

using door::has;
using door::Practice;

namespace {

constexpr const char* self = "/connector/self";
constexpr const char* good_password = "Meadow-Harbour-2026";

}  // namespace

TEST_CASE("a program without certificate and password is refused, and the paths of people are not here") {
  const Practice f;
  const auto refused = f.ask(self);
  CHECK(refused.status == 401);
  CHECK(refused.has("WWW-Authenticate: Basic realm=\"connector\""));
  CHECK(has(refused.body, "\"reason\":\"no_proof\""));
  for (const char* path :
       {"/account", "/login", "/oauth2/token", "/healthz", "/readyz", "/api/v1/events", "/metrics"}) {
    CAPTURE(path);
    CHECK(f.ask(path).status == 404);
    CHECK(f.ask_plain(path).status == 404);
  }
  // And the connector's paths are nowhere else.
  door::Browser ordinary(f.app.port());
  for (const char* path : {self, "/connector.sds", "/info", "/administration", "/administration/start.htm"}) {
    CAPTURE(path);
    CHECK(ordinary.get(path).status == 404);
  }
}

TEST_CASE("a registered certificate is known by its fingerprint, and its id by its case") {
  const Practice f;
  f.add("Z1");
  f.add("z1");
  const std::string sha256 = f.import("Z1", "z1");
  const auto known = f.ask(self, "z1");
  CHECK(known.status == 200);
  CHECK(has(known.body, "{\"client_system\":\"Z1\",\"tenant\":\""));
  CHECK(has(known.body, "\"certificate\":{\"sha256\":\"" + sha256 + "\",\"not_after\":\""));
  CHECK(f.ask(std::string(self) + "?clientSystemId=Z1", "z1").status == 200);
  const auto other = f.ask(std::string(self) + "?clientSystemId=z1", "z1");
  CHECK(other.status == 403);
  CHECK(other.body ==
        "{\"code\":4204,\"message\":\"Clientsystem aus dem Aufrufkontext konnte nicht authentifiziert werden.\"}");
  CHECK(f.ask(std::string(self) + "?clientSystemId=", "z1").status == 403);
  CHECK(f.ask(std::string(self) + "?clientSystemId=Z1&clientSystemId=z1", "z1").status == 400);
  CHECK(has(f.app.events("system_refusal").front().data, "\"reason\":\"other_system\""));
}

TEST_CASE("a certificate of the same name, of nobody, and one that is forwarded in a header are refused") {
  const Practice f;
  f.add("Z1");
  f.import("Z1", "z1");
  test::make_certificate("z1", f.file("copy", ".pem"), f.file("copy", ".key"));
  const auto copy = f.ask(self, "copy");
  CHECK(copy.status == 403);
  CHECK(has(copy.body, "certificate_unknown"));
  for (const char* header : {"X-Client-Cert", "X-SSL-Client-Cert", "Client-Cert", "X-Forwarded-Client-Cert"}) {
    const std::string pem = base::percent_encode(door::read_file(f.file("z1", ".pem")));
    CHECK(f.ask(self, "", std::string(header) + ": " + pem + "\r\n").status == 401);
  }
  const auto event = f.app.events("system_refusal").front();
  CHECK(event.outcome == "failure");
  CHECK_FALSE(has(event.data, "BEGIN"));
}

TEST_CASE("a revocation counts for the next request on an open connection, and for ever") {
  const Practice f;
  f.add("Z1");
  const std::string sha256 = f.import("Z1", "z1");
  test::Client open = f.connect("z1");
  REQUIRE(Practice::get(open, self).status == 200);
  REQUIRE(flow::revoke_system_certificate(f.app.house(), f.ada, sha256, "lost", f.facts()));
  const auto refused = Practice::get(open, self);
  CHECK(refused.status == 403);
  CHECK(has(refused.body, "certificate_revoked"));
  CHECK(f.ask(self, "z1").status == 403);
  CHECK(flow::revoke_system_certificate(f.app.house(), f.ada, sha256, "lost", f.facts()).error().code ==
        base::Code::conflict);
  const auto again =
      flow::import_system_certificate(f.app.house(), f.ada, "Z1", door::read_file(f.file("z1", ".pem")), f.facts());
  CHECK(*again == flow::CertificateFlaw::registered);
}

TEST_CASE("a suspended client system is refused at once, on an open connection, too") {
  const Practice f;
  f.add("Z1");
  f.import("Z1", "z1");
  test::Client open = f.connect("z1");
  REQUIRE(Practice::get(open, self).status == 200);
  const auto account = flow::look_at_system(f.app.house(), f.ada, "Z1", base::now())->system.account_id;
  REQUIRE(flow::suspend_account(f.app.house(), f.ada, account.to_string(), f.facts()));
  const auto refused = Practice::get(open, self);
  CHECK(refused.status == 403);
  CHECK(has(refused.body, "system_suspended"));
}

TEST_CASE("user name and password count over TLS only, and a wrong one is counted and recorded") {
  const Practice f;
  f.add("Z1");
  REQUIRE(flow::set_system_password(f.app.house(), f.ada, "Z1", base::Secret(good_password), f.facts()));
  const auto known = f.ask(self, "", Practice::basic("Z1", good_password));
  CHECK(known.status == 200);
  CHECK(has(known.body, "\"client_system\":\"Z1\""));
  CHECK(has(known.body, "\"certificate\":null"));
  CHECK(f.ask(self, "", Practice::basic("z1", good_password)).status == 401);
  CHECK(f.ask(self, "", Practice::basic("Z1", "wrong")).status == 401);
  CHECK(f.ask(self, "", Practice::basic("nobody", "wrong")).body == f.ask(self, "", Practice::basic("Z1", "x")).body);
  CHECK(f.ask(self, "", "Authorization: Basic !!!\r\n").status == 400);
  CHECK(f.ask(self, "", Practice::basic("Z1", "a") + Practice::basic("Z1", good_password)).status == 400);
  CHECK(f.app.events("login").front().outcome == "failure");

  f.demand({.tls_only = false});
  const auto plain = f.ask_plain(self, Practice::basic("Z1", good_password));
  CHECK(plain.status == 403);
  CHECK(has(plain.body, "plain_password"));
  // A proxy that nobody has listed says that it came over TLS.
  CHECK(f.ask_plain(self, "X-Forwarded-Proto: https\r\n" + Practice::basic("Z1", good_password)).status == 403);
}

TEST_CASE("every mode with every proof on every listener") {
  const Practice f;
  f.add("Z1");
  f.import("Z1", "z1");
  REQUIRE(flow::set_system_password(f.app.house(), f.ada, "Z1", base::Secret(good_password), f.facts()));
  const std::string basic = Practice::basic("Z1", good_password);
  for (const bool tls_only : {true, false}) {
    for (const bool is_mandatory : {true, false}) {
      for (const char* mode : {"certificate", "password"}) {
        f.demand({tls_only, is_mandatory, mode, false});
        CAPTURE(tls_only);
        CAPTURE(is_mandatory);
        CAPTURE(mode);
        const bool by_certificate = !is_mandatory || std::string_view(mode) == "certificate";
        const bool by_password = !is_mandatory || std::string_view(mode) == "password";
        CHECK((f.ask(self, "z1").status == 200) == by_certificate);
        CHECK((f.ask(self, "", basic).status == 200) == by_password);
        CHECK(f.ask(self, "z1", basic).status == 200);
        CHECK(f.ask(self).status >= 401);
        CHECK(f.ask_plain(self).status == 403);
        CHECK(f.ask_plain(self, basic).status == 403);
        CHECK(f.ask("/info").status == 200);
        CHECK(f.ask_plain("/info").status == (tls_only ? 403 : 200));
        CHECK(f.ask_plain("/administration/start.htm").status == 404);
        CHECK(f.ask("/administration/start.htm").status == 303);
      }
    }
  }
}

TEST_CASE("a changed setting counts for the next request on an open connection") {
  const Practice f;
  f.add("Z1");
  f.import("Z1", "z1");
  test::Client open = f.connect("z1");
  REQUIRE(Practice::get(open, self).status == 200);
  f.demand({.is_mandatory = true, .mode = "password"});
  CHECK(has(Practice::get(open, self).body, "certificate_not_accepted"));
}

TEST_CASE("many refusals of one sort are a few events") {
  const Practice f;
  for (int i = 0; i < 60; ++i) CHECK(f.ask(self).status == 401);
  CHECK(f.app.events("system_refusal").size() <= 8);
}

TEST_CASE("a client system changes its own password at the connector, by its id in the right case, and people cannot") {
  const Practice f;
  f.add("Z1");
  REQUIRE(flow::set_system_password(f.app.house(), f.ada, "Z1", base::Secret(good_password), f.facts()));
  const auto change = [&](const std::string& login, const std::string& old_password) {
    const std::string body =
        R"({"login":")" + login + R"(","old_password":")" + old_password + R"(","new_password":"River-Lantern-2026"})";
    test::Client client = f.connect();
    return client
        .send(
            "POST /api/v1/account/password HTTP/1.1\r\nHost: 127.0.0.1:9443\r\nContent-Type: application/json\r\n"
            "Content-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body)
        .read()
        .status;
  };
  CHECK(change("z1", good_password) == 401);
  CHECK(change("Z1", "wrong") == 401);
  CHECK(change("jan.nowak", "River-Copper-2026") == 401);
  CHECK(change("Z1", good_password) == 204);
  CHECK(f.ask(self, "", Practice::basic("Z1", good_password)).status == 401);
  CHECK(f.ask(self, "", Practice::basic("Z1", "River-Lantern-2026")).status == 200);
}
