// The ZIP file of a client system: what is in it, once, and what opens nothing any more after a revocation.
#include "flow/system/make_certificate.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/certificate/certificate.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/house_fixture.hpp"
#include "flow/system/authenticate_system.hpp"
#include "flow/system/connector_settings.hpp"
#include "store/certificate/issued_certificates.hpp"
#include "zip/zip.hpp"

namespace {

struct Maker : testing::HouseFixture {
  Maker() { REQUIRE(flow::add_system(*house, operator_actor(), {"Z1", {}, {}}, facts())); }
  void create_authority() {
    const auto made = flow::create_authority(*house, operator_actor(), {}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
  }
  base::Result<flow::SystemZip> issue(flow::SystemKey key = flow::SystemKey::ecc_256, bool is_old = false) {
    return flow::issue_system_certificate(*house, operator_actor(), {"Z1", key, is_old}, facts());
  }
  audit::Code ask(std::string_view sha256) {
    flow::SystemCall call;
    call.is_tls = true;
    call.certificate = sha256;
    return flow::authenticate_system(*house, call, facts()).value().refusal;
  }
};

}  // namespace

TEST_CASE("without an authority no certificate is made, and nothing is registered") {
  Maker f;
  const auto made = f.issue();
  REQUIRE_FALSE(made);
  CHECK(made.error().code == base::Code::conflict);
  CHECK(flow::look_at_systems(*f.house, f.operator_actor(), f.now)->certificates.empty());
  CHECK(f.events("system_certificate").empty());
}

TEST_CASE("the ZIP file holds exactly the PKCS#12 file and its password of 16 characters in one line") {
  Maker f;
  f.create_authority();
  for (const auto key : {flow::SystemKey::rsa_2048, flow::SystemKey::ecc_256, flow::SystemKey::rsa_3072}) {
    const auto made = f.issue(key);
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    CHECK(made->name == "Z1.zip");
    const auto entries = zip::unpack(made->octets.reveal(), 100'000);
    REQUIRE(entries);
    REQUIRE(entries->size() == 2);
    CHECK(entries->at(0).name == "Z1.p12");
    CHECK(entries->at(1).name == "Z1-password.txt");
    const std::string_view password = entries->at(1).content.reveal();
    CHECK(password.size() == 16);
    CHECK(password.find_first_of("\r\n 0O1Il") == std::string_view::npos);
    CHECK(f.ask(made->sha256).empty());
  }
  const auto look = flow::look_at_systems(*f.house, f.operator_actor(), f.now);
  REQUIRE(look->certificates.size() == 3);
  CHECK(look->certificates.front().is_own);
  CHECK(look->certificates.front().subject.find("CN=Z1") != std::string::npos);
  CHECK(look->systems.front().good_certificates == 3);
}

TEST_CASE("a client system may have any 64 characters as its ID, and gets its file") {
  Maker f;
  f.create_authority();
  std::string longest;
  for (int i = 0; i < 64; ++i) longest += "\xf0\x9f\x8f\xa5";
  for (const std::string& id : {std::string("Praxis Łódź 7"), longest}) {
    REQUIRE(flow::add_system(*f.house, f.operator_actor(), {id, {}, {}}, f.facts()));
    const auto made =
        flow::issue_system_certificate(*f.house, f.operator_actor(), {id, flow::SystemKey::ecc_256, false}, f.facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    CHECK(f.ask(made->sha256).empty());
  }
}

TEST_CASE("two files of one client system are two certificates with two passwords, and each is revoked alone") {
  Maker f;
  f.create_authority();
  const auto first = f.issue();
  const auto second = f.issue(flow::SystemKey::ecc_256, true);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->sha256 != second->sha256);
  const auto password = [](const flow::SystemZip& zip) {
    return std::string(zip::unpack(zip.octets.reveal(), 100'000)->at(1).content.reveal());
  };
  CHECK(password(*first) != password(*second));
  REQUIRE(flow::revoke_system_certificate(*f.house, f.operator_actor(), first->sha256, "lost", f.facts()));
  CHECK(f.ask(first->sha256) == "certificate_revoked");
  CHECK(f.ask(second->sha256).empty());
  // The authority's list has it, too.
  CHECK(f.store->read([&](store::Tx& tx) { return store::find_issued(tx, first->sha256); }).value()->revoked_at);
}

TEST_CASE("what the authority revokes opens nothing, although the list of client systems was not touched") {
  Maker f;
  f.create_authority();
  const auto made = f.issue();
  REQUIRE(made);
  REQUIRE(flow::revoke_named_certificate(*f.house, f.operator_actor(), made->sha256,
                                         crypto::RevocationReason::key_compromise, f.facts()));
  CHECK(f.ask(made->sha256) == "certificate_revoked");
}

TEST_CASE("a certificate ends with its time") {
  Maker f;
  f.create_authority();
  const auto made = f.issue();
  REQUIRE(made);
  const auto end = flow::look_at_systems(*f.house, f.operator_actor(), f.now)->certificates.front().not_after;
  f.now = end - std::chrono::milliseconds(1);
  CHECK(f.ask(made->sha256).empty());
  f.now = end;
  CHECK(f.ask(made->sha256) == "certificate_expired");
}

TEST_CASE("neither key nor password nor file is in an event") {
  Maker f;
  f.create_authority();
  const auto made = f.issue();
  REQUIRE(made);
  const std::string password(zip::unpack(made->octets.reveal(), 100'000)->at(1).content.reveal());
  for (const auto& event : f.events()) {
    CHECK(event.data.find(password) == std::string::npos);
    CHECK(event.data.find("PRIVATE") == std::string::npos);
  }
}

TEST_CASE("a revocation by the authority shows on the page, in the counts and in the question who is locked out") {
  Maker f;
  f.create_authority();
  const base::Id admin = f.add_account("ada", "Meadow-Violet-2026", {"super_administrator"});
  const auto made = f.issue();
  REQUIRE(made);
  SUBCASE("of the certificate") {
    const auto request = f.facts();
    REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<bool> {
      return store::set_issued_revoked(tx, made->sha256, admin, "key_compromise", request.now);
    }));
    const auto look = flow::look_at_system(*f.house, f.operator_actor(), "Z1", f.now).value();
    CHECK(look.certificates.front().revoked_by == admin);
    CHECK(look.certificates.front().revoker == "Anna Kowalska");
  }
  SUBCASE("of what has issued it") {
    const auto rows = flow::list_authorities_for(*f.house, f.operator_actor()).value();
    const auto issuing = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.kind == "issuing"; });
    REQUIRE(issuing != rows.end());
    REQUIRE(flow::revoke_authority(*f.house, f.operator_actor(), issuing->id, crypto::RevocationReason::key_compromise,
                                   f.facts()));
  }
  CHECK(f.ask(made->sha256) == "certificate_revoked");
  const auto look = flow::look_at_systems(*f.house, f.operator_actor(), f.now).value();
  CHECK(look.systems.front().good_certificates == 0);
  CHECK(look.certificates.front().revoked_at == f.now);
  CHECK(look.certificates.front().reason == "key_compromise");
  CHECK(flow::look_at_certificate(*f.house, f.operator_actor(), made->sha256)->revoked_at == f.now);
  CHECK(flow::revoke_system_certificate(*f.house, f.operator_actor(), made->sha256, "lost", f.facts()).error().code ==
        base::Code::conflict);
  const flow::ConnectorWish wish{{true, true, "certificate", false}, {}, false};
  const auto asked = flow::apply_connector_settings(*f.house, f.operator_actor(), wish, f.facts()).value();
  CHECK(asked.applied == flow::Applied::locked_out);
  CHECK(asked.locked_out.systems == std::vector<std::string>{"Z1"});
}

TEST_CASE("a certificate that the own authority made for somebody else is not taken for a client system") {
  Maker f;
  f.create_authority();
  f.add_account("anna", "Meadow-Violet-2026");
  flow::CommandWish wish;
  wish.profile = authority::Profile::person_login;
  wish.account = "anna";
  wish.common_name = "Anna Kowalska";
  const auto of_anna = flow::issue_by_command(*f.house, f.operator_actor(), wish, f.facts());
  REQUIRE_MESSAGE(of_anna, base::describe(of_anna.error()));
  const auto import = [&](const base::Bytes& der) {
    return flow::import_system_certificate(*f.house, f.operator_actor(), "Z1", der, f.facts()).value();
  };
  CHECK(import(of_anna->issued.der) == flow::CertificateFlaw::other_use);
  CHECK(flow::judge_system_certificate(*f.house, of_anna->issued.der, f.now).value() ==
        flow::CertificateFlaw::other_use);
  CHECK(f.ask(of_anna->issued.sha256) == "certificate_unknown");
}

TEST_CASE("whoever makes a new certificate for each call does not fill the audit log") {
  Maker f;
  for (int i = 0; i < 100; ++i) {
    CHECK(f.ask(base::to_hex(crypto::sha256(std::to_string(i)))) == "certificate_unknown");
  }
  CHECK(f.events("system_refusal").size() == 9);  // five, and the 10th, 20th, 40th and 80th
}
