#include "flow/certificate/administer_authority.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/certificate_request.hpp"
#include "flow/certificate/authority_fixture.hpp"

using authority::Profile;
using testing::AuthorityFixture;

TEST_CASE("an authority has a root, an issuing certificate and a responder, and its making is recorded") {
  AuthorityFixture f;
  const auto issuing = f.make_authority();
  const auto rows = flow::list_authorities_for(*f.house, f.by).value();
  REQUIRE(rows.size() == 2);
  CHECK(issuing.subject == "CN=Clinic Issuing");
  CHECK(issuing.kind == "issuing");
  CHECK(issuing.parent_id.has_value());
  CHECK(f.events("authority_change").size() == 2);
  const auto responder =
      f.store->read([&](store::Tx& tx) { return store::find_ocsp_responder(tx, issuing.id); }).value();
  CHECK(responder.has_value());
  const std::string chain = flow::print_chain(*f.house, f.now).value();
  CHECK(chain.find("BEGIN CERTIFICATE") != std::string::npos);
}

TEST_CASE("a second authority for the same is refused, one for a tenant is not") {
  AuthorityFixture f;
  f.make_authority();
  CHECK(flow::create_authority(*f.house, f.by, {}, f.facts()).error().code == base::Code::already_exists);
  const auto key = f.store->read([](store::Tx& tx) { return store::find_first_tenant(tx); }).value().key;
  CHECK(flow::create_authority(*f.house, f.by, {key, "", crypto::KeyKind::brainpool_p256}, f.facts()));
  CHECK(flow::create_authority(*f.house, f.by, {"nobody", "", {}}, f.facts()).error().code == base::Code::not_found);
  // What a tenant's authority issues is its own.
  const auto issued = f.issue();
  CHECK(crypto::parse_certificate(issued.chain.front())->fingerprint !=
        crypto::parse_certificate(issued.chain.back())->fingerprint);
}

TEST_CASE("names that cannot stand in a certificate are refused") {
  AuthorityFixture f;
  for (const auto& name : {std::string(41, 'x'), std::string("a\nb")}) {
    CHECK(flow::create_authority(*f.house, f.by, {"", name, {}}, f.facts()).error().code == base::Code::invalid_input);
  }
  CHECK(flow::list_authorities_for(*f.house, f.by)->empty());
  CHECK(f.events("authority_change").empty());
}

TEST_CASE("without an authority nothing is issued") {
  AuthorityFixture f;
  CHECK(f.try_issue(f.wish_for(Profile::client_system)).error().code == base::Code::conflict);
}

TEST_CASE("what is issued is written down, and weak keys, wrong names and long validities are refused") {
  AuthorityFixture f;
  f.make_authority();
  const auto issued = f.issue();
  const auto row = f.store->read([&](store::Tx& tx) { return store::find_issued(tx, issued.sha256); }).value();
  REQUIRE(row);
  CHECK(row->serial == issued.serial);
  CHECK(row->profile == "client_system");
  CHECK(f.events("certificate_issue").size() == 1);
  CHECK(issued.chain.size() == 2);
  auto wish = f.wish_for(Profile::client_system);
  wish.public_key = "not a key";
  CHECK(f.try_issue(wish).error().code == base::Code::invalid_input);
  wish = f.wish_for(Profile::client_system, "");
  CHECK(f.try_issue(wish).error().code == base::Code::invalid_input);
  wish = f.wish_for(Profile::client_system);
  wish.validity = std::chrono::hours(24 * 2000);
  CHECK(f.try_issue(wish).error().code == base::Code::invalid_input);
  CHECK(f.events("certificate_issue").size() == 1);
}

TEST_CASE("after a roll-over the new one issues, and what the old one has issued counts") {
  AuthorityFixture f;
  const auto first = f.make_authority();
  const auto issued = f.issue();
  const auto next = flow::rotate_authority(*f.house, f.by, first.id, f.facts());
  REQUIRE(next);
  CHECK(next->parent_id == first.parent_id);
  CHECK(f.judge(issued.der).empty());
  CHECK(f.issue().chain.front() == next->der);
  CHECK(flow::rotate_authority(*f.house, f.by, first.id, f.facts()).error().code == base::Code::conflict);
  CHECK(flow::rotate_authority(*f.house, f.by, *first.parent_id, f.facts()).error().code == base::Code::invalid_input);
  CHECK(flow::rotate_authority(*f.house, f.by, base::Id::make(f.now), f.facts()).error().code == base::Code::not_found);
}

TEST_CASE("the server rolls over by itself, in time and only once, below a new root when the old one ends too early") {
  AuthorityFixture f;
  const auto first = f.make_authority();
  REQUIRE(flow::renew_authorities(*f.house, f.now));
  CHECK(flow::list_authorities_for(*f.house, f.by)->size() == 2);
  f.now += authority::issuing_lasts - std::chrono::hours(24 * 1800);
  REQUIRE(flow::renew_authorities(*f.house, f.now));
  REQUIRE(flow::renew_authorities(*f.house, f.now));
  auto rows = flow::list_authorities_for(*f.house, f.by).value();
  CHECK(rows.size() == 3);
  CHECK(rows.back().parent_id == first.parent_id);
  // Twelve years later the root would end before the next issuing certificate.
  for (int year = 0; year < 14; ++year) {
    f.now += std::chrono::hours(24 * 365);
    REQUIRE(flow::renew_authorities(*f.house, f.now));
    CHECK(f.judge(f.issue().der).empty());
  }
  rows = flow::list_authorities_for(*f.house, f.by).value();
  CHECK(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.kind == "root"; }) == 2);
}

TEST_CASE("a revoked authority takes with it what it has issued, and another one follows") {
  AuthorityFixture f;
  const auto first = f.make_authority();
  const auto issued = f.issue();
  const auto next =
      flow::revoke_authority(*f.house, f.by, first.id, crypto::RevocationReason::key_compromise, f.facts());
  REQUIRE(next);
  CHECK(f.judge(issued.der) == "certificate_revoked");
  CHECK(f.judge(f.issue().der).empty());
  CHECK(flow::revoke_authority(*f.house, f.by, first.id, {}, f.facts()).error().code == base::Code::conflict);
  CHECK(flow::revoke_authority(*f.house, f.by, *first.parent_id, {}, f.facts()).error().code ==
        base::Code::invalid_input);
  // The root's list names it.
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  const auto list = flow::find_published_list(*f.house, *first.parent_id, "complete").value();
  REQUIRE(list);
  CHECK(crypto::read_revocation_list(list->der)->entries == 1);
  CHECK(flow::print_chain(*f.house, f.now)->find(crypto::to_pem(first.der)) == std::string::npos);
}

TEST_CASE("only who may manage authorities reaches them") {
  AuthorityFixture f;
  const auto first = f.make_authority();
  auto wish = flow::CommandWish{};
  CHECK(first.state == "active");
  const auto made = flow::issue_by_command(
      *f.house, f.by, {Profile::tls_server, "", "", "server", {"id.example"}, {"127.0.0.1"}, {}, {}, {}}, f.facts());
  REQUIRE(made);
  CHECK(made->key.has_value());
  CHECK(f.judge(made->issued.der, trust::Purpose::tls_server).empty());
  wish.request = crypto::make_certificate_request(AuthorityFixture::leaf_key(), "Anna Kowalska").value();
  wish.profile = Profile::person_login;
  const auto by_request = flow::issue_by_command(*f.house, f.by, wish, f.facts());
  REQUIRE(by_request);
  CHECK_FALSE(by_request->key.has_value());
  wish.request = "not a request";
  CHECK(flow::issue_by_command(*f.house, f.by, wish, f.facts()).error().code == base::Code::invalid_input);
  wish = {};
  wish.account = "nobody";
  wish.common_name = "x";
  wish.dns_names = {"a.b"};
  CHECK(flow::issue_by_command(*f.house, f.by, wish, f.facts()).error().code == base::Code::not_found);
}
