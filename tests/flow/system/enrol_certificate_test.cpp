#include "flow/system/enrol_certificate.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/certificate_request.hpp"
#include "flow/certificate/authority_fixture.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/authenticate_system.hpp"
#include "flow/system/make_certificate.hpp"
#include "flow/tenant/features.hpp"

using testing::AuthorityFixture;

namespace {

// openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=Z1/CN=Z2 -outform DER | base64
constexpr const char* two_names =
    "MIHTMHwCAQAwGjELMAkGA1UEAwwCWjExCzAJBgNVBAMMAloyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJgx3NDndavC8SQQr"
    "1r/bljJ9Ouoeg54Js1fQLRUDZe4N6zjIgjpEaXG5U+XsGPjUYDjlb9q0ixto6YimTtx0pqAAMAoGCCqGSM49BAMCA0cAMEQCICkq"
    "RdZ5tbfRjcm8j0z7I3ptAAkQ7LA4JrJOrtyDLYDuAiBXMeJkL1LsqrrJY8ZNTLPDbzUS+HoGVKn6KMLjhN/X6A==";
// The same with -subj /O=Practice
constexpr const char* no_name =
    "MIHNMHUCAQAwEzERMA8GA1UECgwIUHJhY3RpY2UwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASlOPfQuWdAJig6IzVpbbHyO2Gj"
    "wkAlDfQyAQZSB0LCvZRX7ACFcWVZVDHvJiSAJx5CcIb6pCUpUoUXSiBelMGfoAAwCgYIKoZIzj0EAwIDSAAwRQIhAIjTwcn2dgfv"
    "gWqLSo921R5ac8pLBB1q4byf/PdQPi/6AiA6fPFLl9lD2EyOOhAMiha++p/8bWnFQrsOaglfaFKMwg==";

struct Fixture : AuthorityFixture {
  store::AuthorityRow authority = make_authority();

  Fixture() {
    REQUIRE(flow::add_system(*house, by, {"Z1", "Practice", ""}, facts()));
    REQUIRE(flow::set_system_password(*house, by, "Z1", base::Secret("Correct-Horse-7"), facts()));
  }
  static base::Bytes request_for(const std::string& name) {
    return crypto::make_certificate_request(leaf_key(), name).value();
  }
  base::Result<flow::IssuedCertificate> enrol(const std::string& password, const base::Bytes& request,
                                              const std::string& user = "Z1") {
    return flow::enrol_by_password(*house, {user, base::Secret(password), request}, facts());
  }
  base::Result<flow::IssuedCertificate> again(const base::Bytes& certificate, const base::Bytes& request) {
    return flow::enrol_again(*house, {certificate, request}, facts());
  }
  std::string refusal_at_connector(const std::string& sha256) {
    const auto judged = flow::authenticate_system(*house, {.is_tls = true, .certificate = sha256}, facts());
    return std::string(judged.value().refusal.view());
  }
};

}  // namespace

TEST_CASE("a client system enrols by its password, and the connector takes the certificate at once") {
  Fixture f;
  const auto issued = f.enrol("Correct-Horse-7", Fixture::request_for("Z1"));
  REQUIRE_MESSAGE(issued, base::describe(issued.error()));
  CHECK(f.judge(issued->der).empty());
  CHECK(f.refusal_at_connector(issued->sha256).empty());
  CHECK(f.events("certificate_issue").size() == 1);
  CHECK_FALSE(flow::pack_issued(*issued).value().empty());
  CHECK_FALSE(flow::pack_authorities(*f.house, f.now).value().empty());
}

TEST_CASE("a wrong password and an unknown name get nothing, and are counted") {
  Fixture f;
  CHECK(f.enrol("wrong", Fixture::request_for("Z1")).error().code == base::Code::login_failed);
  CHECK(f.enrol("Correct-Horse-7", Fixture::request_for("z1"), "z1").error().code == base::Code::login_failed);
  CHECK(f.events("certificate_issue").empty());
  CHECK(f.events("login").size() == 2);
}

TEST_CASE("a person gets no certificate by password alone") {
  Fixture f;
  f.add_account("anna", "Correct-Horse-7");
  CHECK(f.enrol("Correct-Horse-7", Fixture::request_for("anna"), "anna").error().code == base::Code::denied);
  CHECK(f.events("enrolment_refusal").size() == 1);
}

TEST_CASE("a request that names somebody else, or is none, gets nothing") {
  Fixture f;
  CHECK(f.enrol("Correct-Horse-7", Fixture::request_for("Z2")).error().code == base::Code::invalid_input);
  CHECK(f.enrol("Correct-Horse-7", "rubbish").error().code == base::Code::invalid_input);
  CHECK(f.events("enrolment_refusal").size() == 2);
  CHECK(f.events("certificate_issue").empty());
}

TEST_CASE("a certificate that is still good gets a further one, and no other does") {
  Fixture f;
  const auto first = f.enrol("Correct-Horse-7", Fixture::request_for("Z1")).value();
  const auto second = f.again(first.der, Fixture::request_for("Z1"));
  REQUIRE_MESSAGE(second, base::describe(second.error()));
  CHECK(f.refusal_at_connector(second->sha256).empty());
  CHECK(f.refusal_at_connector(first.sha256).empty());
  CHECK(f.again(first.der, Fixture::request_for("Z2")).error().code == base::Code::invalid_input);
  CHECK(f.again("rubbish", Fixture::request_for("Z1")).error().code == base::Code::login_failed);
  CHECK(f.again(f.authority.der, Fixture::request_for("Z1")).error().code == base::Code::login_failed);
  // Of this authority, but nobody's.
  CHECK(f.again(f.issue().der, Fixture::request_for("Z1")).error().code == base::Code::login_failed);
  f.revoke(first.sha256);
  CHECK(f.again(first.der, Fixture::request_for("Z1")).error().code == base::Code::login_failed);
  f.now = second->not_after + std::chrono::hours(1);
  CHECK(f.again(second->der, Fixture::request_for("Z1")).error().code == base::Code::login_failed);
}

TEST_CASE("a request with two common names gets nothing, although one of them is the right one") {
  Fixture f;
  CHECK(f.enrol("Correct-Horse-7", two_names).error().code == base::Code::invalid_input);
  CHECK(f.events("certificate_issue").empty());
  // Without one the server gives the name (RFC 7030 §4.2.1).
  CHECK(f.enrol("Correct-Horse-7", no_name));
}

TEST_CASE("by EST a client system gets as many certificates as by a page, and none where the feature is off") {
  Fixture f;
  const auto first = f.enrol("Correct-Horse-7", Fixture::request_for("Z1")).value();
  for (std::size_t i = 1; i < flow::most_certificates; ++i) {
    REQUIRE(f.again(first.der, Fixture::request_for("Z1")));
  }
  for (const auto& refused :
       {f.enrol("Correct-Horse-7", Fixture::request_for("Z1")), f.again(first.der, Fixture::request_for("Z1"))}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Code::too_many);
    CHECK(refused.error().reason == flow::certificates_full);
  }
  CHECK(f.events("certificate_issue").size() == flow::most_certificates);
  CHECK(f.events("system_certificate").size() == flow::most_certificates);
  CHECK(f.events("enrolment_refusal").front().data.find("certificates_full") != std::string::npos);
}

TEST_CASE("where client systems are off for the organisation, EST issues nothing and renews nothing") {
  Fixture f;
  const auto first = f.enrol("Correct-Horse-7", Fixture::request_for("Z1")).value();
  REQUIRE(flow::set_feature(*f.house, f.by, {"", flow::Feature::client_systems, flow::FeatureState::off}, f.facts()));
  for (const auto& refused :
       {f.enrol("Correct-Horse-7", Fixture::request_for("Z1")), f.again(first.der, Fixture::request_for("Z1"))}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == flow::feature_off);
  }
  CHECK(f.events("certificate_issue").size() == 1);
}
