#include "flow/certificate/renew_server.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/server_certificate.hpp"
#include "flow/certificate/authority_fixture.hpp"

using authority::Profile;
using flow::ServerRenewal;
using testing::AuthorityFixture;

namespace {

constexpr auto a_day = std::chrono::hours(24);

struct ServerFixture : AuthorityFixture {
  ServerRenewal judge_server(const flow::IssuedCertificate& one) {
    return flow::judge_server_certificate(*house, one.sha256, now).value();
  }
  [[nodiscard]] base::Code refusal_of(const flow::IssuedCertificate& one) const {
    const auto renewed = flow::renew_server_certificate(*house, one.der, now);
    REQUIRE_FALSE(renewed);
    return renewed.error().code;
  }
};

}  // namespace

TEST_CASE(
    "a listener's certificate is renewed when less than a third of its time is left, for the same names and key") {
  ServerFixture f;
  f.make_authority();
  auto wish = f.wish_for(Profile::tls_server, "id.example");
  wish.ip_addresses = {"192.168.178.93"};
  wish.validity = 30 * a_day;
  const auto first = f.try_issue(wish).value();
  CHECK(f.judge_server(first) == ServerRenewal::good);
  CHECK(f.refusal_of(first) == base::Code::conflict);
  f.now += 19 * a_day;
  CHECK(f.judge_server(first) == ServerRenewal::good);
  f.now += 2 * a_day;
  CHECK(f.judge_server(first) == ServerRenewal::due);
  const auto next = flow::renew_server_certificate(*f.house, first.der, f.now).value();
  CHECK(f.judge_server(next) == ServerRenewal::good);
  CHECK(next.not_after - f.now == 30 * a_day);
  const auto before = crypto::read_server_certificate(first.der).value();
  const auto after = crypto::read_server_certificate(next.der).value();
  CHECK(after.common_name == "id.example");
  CHECK(after.dns_names == before.dns_names);
  CHECK(after.ip_addresses == before.ip_addresses);
  CHECK(after.public_key == before.public_key);
  // The one before stays good: another node may still show it.
  CHECK(f.judge(first.der, trust::Purpose::tls_server).empty());
  CHECK(f.events("certificate_issue").size() == 2);
}

TEST_CASE("certificates of others, and those for something else, are not renewed") {
  ServerFixture f;
  f.make_authority();
  const auto of_system = f.issue(Profile::client_system);
  f.now += 700 * a_day;
  CHECK(f.judge_server(of_system) == ServerRenewal::foreign);
  CHECK(f.refusal_of(of_system) == base::Code::conflict);
  CHECK(flow::judge_server_certificate(*f.house, std::string(64, '0'), f.now).value() == ServerRenewal::foreign);
  CHECK(flow::renew_server_certificate(*f.house, "nothing", f.now).error().code == base::Code::invalid_input);
}

TEST_CASE("a revoked one is renewed, but a key that was compromised is not certified again") {
  ServerFixture f;
  f.make_authority();
  const auto replaced = f.issue(Profile::tls_server);
  f.revoke(replaced.sha256, crypto::RevocationReason::superseded);
  CHECK(f.judge_server(replaced) == ServerRenewal::due);
  CHECK(flow::renew_server_certificate(*f.house, replaced.der, f.now));
  const auto lost = f.issue(Profile::tls_server);
  f.revoke(lost.sha256, crypto::RevocationReason::key_compromise);
  CHECK(f.judge_server(lost) == ServerRenewal::forbidden);
  CHECK(f.refusal_of(lost) == base::Code::conflict);
}

TEST_CASE("what a revoked authority has issued is renewed by the one that follows") {
  ServerFixture f;
  const auto first = f.make_authority();
  const auto issued = f.issue(Profile::tls_server);
  REQUIRE(flow::revoke_authority(*f.house, f.by, first.id, crypto::RevocationReason::superseded, f.facts()));
  CHECK(f.judge_server(issued) == ServerRenewal::due);
  const auto next = flow::renew_server_certificate(*f.house, issued.der, f.now).value();
  CHECK(next.chain.front() != first.der);
  CHECK(f.judge_server(next) == ServerRenewal::good);
}

TEST_CASE("who manages authorities lets every listener get a new certificate, once, and it is on record") {
  ServerFixture f;
  CHECK(flow::ask_server_renewal(*f.house, f.by, f.facts()).error().code == base::Code::conflict);
  f.make_authority();
  const auto issued = f.issue(Profile::tls_server);
  f.now += a_day;
  const std::size_t before = f.events("authority_change").size();
  REQUIRE(flow::ask_server_renewal(*f.house, f.by, f.facts()));
  CHECK(f.events("authority_change").size() == before + 1);
  CHECK(f.judge_server(issued) == ServerRenewal::due);
  f.now += std::chrono::seconds(2);
  const auto next = flow::renew_server_certificate(*f.house, issued.der, f.now).value();
  CHECK(f.judge_server(next) == ServerRenewal::good);
}
