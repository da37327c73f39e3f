// EST (RFC 7030): a program enrols by password, and again by its certificate.
#include <doctest/doctest.h>

#include <fstream>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/issue.hpp"
#include "door/connector/practice.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/tenant/features.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "store/tenant/tenants.hpp"

using door::Practice;

namespace {

struct Est : Practice {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  store::AuthorityRow authority = flow::create_authority(app.house(), ada, {"", "Clinic", {}}, facts()).value();

  Est() {
    add("Z1");
    REQUIRE(flow::set_system_password(app.house(), ada, "Z1", base::Secret("Correct-Horse-7"), facts()));
  }
  [[nodiscard]] std::string request(const std::string& name = "Z1") const {
    return base::to_base64(crypto::make_certificate_request(key, name).value());
  }
  [[nodiscard]] test::Answer post(const std::string& path, const std::string& body, const std::string& headers = "",
                                  const std::string& certificate = "") const {
    test::Client client = connect(certificate);
    return client
        .send("POST /.well-known/est/" + path + " HTTP/1.1\r\nHost: 127.0.0.1:9443\r\nContent-Type: " +
              "application/pkcs10\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
        .read();
  }
  /// The newest certificate that was issued, and its key, as files for a connection.
  void save_newest(const std::string& name) const {
    const auto rows = app.house()
                          .store
                          .read([](store::Tx& tx) -> base::Result<std::vector<store::IssuedRow>> {
                            ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
                            return store::list_issued(tx, first.id, 1);
                          })
                          .value();
    std::ofstream(file(name, ".pem")) << crypto::to_pem(rows.at(0).der);
    std::ofstream(file(name, ".key")) << key.to_pem().value().reveal();
  }
};

}  // namespace

TEST_CASE("a program reads the authority's certificates, enrols by password and again by certificate") {
  const Est f;
  const std::string proof = Practice::basic("Z1", "Correct-Horse-7");
  const auto trusted = f.ask("/.well-known/est/cacerts", "", proof);
  CHECK(trusted.status == 200);
  CHECK(trusted.has("application/pkcs7-mime"));
  const auto first = f.post("simpleenroll", f.request(), proof);
  CHECK(first.status == 200);
  CHECK(first.has("smime-type=certs-only"));
  f.save_newest("est");
  CHECK(f.ask("/connector/self", "est").status == 200);
  const auto second = f.post("simplereenroll", f.request(), "", "est");
  CHECK(second.status == 200);
  CHECK(second.body != first.body);
  CHECK(f.ask("/.well-known/est/csrattrs", "est").body == "MAoGCCqGSM49BAMC\n");
}

TEST_CASE("on the connector's listener EST answers nobody whom the connector does not know") {
  const Est f;
  for (const std::string path : {"/.well-known/est/cacerts", "/.well-known/est/csrattrs"}) {
    CAPTURE(path);
    const auto none = f.ask(path);
    CHECK(none.status == 401);
    CHECK(none.has("WWW-Authenticate: Basic"));
    CHECK(f.ask(path, "", Practice::basic("Z1", "wrong")).status == 401);
    CHECK(f.ask(path, "z1").status == 403);
    CHECK(f.ask(path, "", "Authorization: Bearer x\r\n").status == 400);
    CHECK(f.ask(path, "", Practice::basic("Z1", "Correct-Horse-7")).status == 200);
  }
  // What is wrong with a request is told to those only who may send one.
  test::Client client = f.connect();
  client.send("POST /.well-known/est/simpleenroll HTTP/1.1\r\nHost: 127.0.0.1:9443\r\nContent-Length: 0\r\n\r\n");
  CHECK(client.read().status == 401);
}

TEST_CASE("the settings of the connector do not keep a client system from enrolling") {
  const Est f;
  f.demand({true, true, "certificate", false});
  const std::string proof = Practice::basic("Z1", "Correct-Horse-7");
  CHECK(f.ask("/connector/self", "", proof).status == 403);
  CHECK(f.ask("/.well-known/est/cacerts", "", proof).status == 200);
  CHECK(f.post("simpleenroll", f.request(), proof).status == 200);
}

TEST_CASE("where client systems are off, nobody enrols, and the program reads why") {
  const Est f;
  REQUIRE(
      flow::set_feature(f.app.house(), f.ada, {"", flow::Feature::client_systems, flow::FeatureState::off}, f.facts()));
  const auto refused = f.post("simpleenroll", f.request(), Practice::basic("Z1", "Correct-Horse-7"));
  CHECK(refused.status == 403);
  CHECK(door::has(refused.body, "not enabled for this organisation"));
  CHECK(f.ask("/.well-known/est/cacerts", "", Practice::basic("Z1", "Correct-Horse-7")).status == 403);
  CHECK(f.app.events("certificate_issue").empty());
}

TEST_CASE("without a right password nothing is issued") {
  const Est f;
  const auto none = f.post("simpleenroll", f.request());
  CHECK(none.status == 401);
  CHECK(none.has("WWW-Authenticate: Basic"));
  CHECK(f.post("simpleenroll", f.request(), Practice::basic("Z1", "wrong")).status == 401);
  CHECK(f.post("simpleenroll", f.request(), Practice::basic("z1", "Correct-Horse-7")).status == 401);
  CHECK(f.post("simpleenroll", f.request(), "Authorization: Bearer x\r\n").status == 400);
  CHECK(f.post("simpleenroll", f.request(), Practice::basic("Z1", "a") + Practice::basic("Z1", "b")).status == 400);
  CHECK(f.app.events("certificate_issue").empty());
}

TEST_CASE("a request that is none, or names somebody else, gets 400") {
  const Est f;
  CHECK(f.post("simpleenroll", "rubbish", Practice::basic("Z1", "Correct-Horse-7")).status == 400);
  CHECK(f.post("simpleenroll", f.request("Z2"), Practice::basic("Z1", "Correct-Horse-7")).status == 400);
  CHECK(f.post("simpleenroll", std::string(50000, 'A'), Practice::basic("Z1", "Correct-Horse-7")).status == 413);
}

TEST_CASE("a certificate that others have made renews nothing") {
  const Est f;
  CHECK(f.post("simplereenroll", f.request()).status == 403);
  CHECK(f.post("simplereenroll", f.request(), "", "z1").status == 403);
}

TEST_CASE("EST is not served without TLS") {
  const Est f;
  test::Client client(f.app.server->port("pages"));
  CHECK(client.send("GET /.well-known/est/cacerts HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").read().status != 200);
  CHECK(f.ask_plain("/.well-known/est/cacerts").status == 404);
}

TEST_CASE("without an authority a program is told so") {
  const Practice f;
  f.add("Z1");
  f.import("Z1", "z1");
  CHECK(f.ask("/.well-known/est/cacerts", "z1").status == 404);
}
