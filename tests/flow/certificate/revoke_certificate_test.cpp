#include "flow/certificate/revoke_certificate.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/ocsp.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/certificate/answer_ocsp.hpp"
#include "flow/certificate/authority_fixture.hpp"

using testing::AuthorityFixture;

namespace {

struct Fixture : AuthorityFixture {
  store::AuthorityRow authority = make_authority();

  [[nodiscard]] crypto::RevocationListFacts list_of(std::string_view kind) const {
    return crypto::read_revocation_list(flow::find_published_list(*house, authority.id, kind)->value().der).value();
  }
  base::Result<crypto::OcspFinding> ask(base::BytesView der) {
    const auto reply = flow::answer_ocsp(*house, crypto::make_ocsp_request(der, authority.der).value(), now);
    return crypto::read_ocsp_answer(reply.der, der, authority.der, now);
  }
};

}  // namespace

TEST_CASE("a revocation counts at once, is for ever, and is recorded once") {
  Fixture f;
  const auto issued = f.issue();
  CHECK(f.judge(issued.der).empty());
  CHECK(f.ask(issued.der)->status == crypto::OcspStatus::good);
  CHECK(f.revoke(issued.sha256));
  CHECK(f.judge(issued.der) == "certificate_revoked");
  CHECK(f.ask(issued.der)->status == crypto::OcspStatus::revoked);
  f.now += std::chrono::hours(1);
  CHECK_FALSE(f.revoke(issued.sha256, crypto::RevocationReason::superseded));
  CHECK_FALSE(f.revoke(issued.serial));
  CHECK(f.events("certificate_revoke").size() == 1);
  CHECK(f.ask(issued.der)->revoked_at == f.now - std::chrono::hours(1));
}

TEST_CASE("a certificate of others and an unknown one are not found") {
  Fixture f;
  const std::string unknown(64, 'a');
  CHECK(flow::revoke_named_certificate(*f.house, f.by, unknown, {}, f.facts()).error().code == base::Code::not_found);
}

TEST_CASE("the lists follow: complete and delta have one number, and a new base comes after a day") {
  Fixture f;
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  const auto first = f.list_of("complete");
  CHECK(first.entries == 0);
  const auto issued = f.issue();
  f.now += std::chrono::minutes(1);
  f.revoke(issued.sha256);
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  CHECK(f.list_of("complete").entries == 1);
  CHECK(f.list_of("delta").entries == 1);
  CHECK(f.list_of("delta").is_delta);
  CHECK(f.list_of("delta").number == f.list_of("complete").number);
  CHECK(*f.list_of("complete").number == *first.number + 1);
  // Nothing has changed: no new list.
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  REQUIRE(flow::publish_due_lists(*f.house, f.now));
  CHECK(*f.list_of("complete").number == *first.number + 1);
  f.now += std::chrono::hours(25);
  REQUIRE(flow::publish_due_lists(*f.house, f.now));
  CHECK(*f.list_of("complete").number == *first.number + 2);
  CHECK(f.list_of("complete").entries == 1);
  CHECK(f.list_of("delta").entries == 0);
  // Some time after its end the list names it no more.
  f.now = issued.not_after + std::chrono::hours(72);
  REQUIRE(flow::publish_due_lists(*f.house, f.now));
  CHECK(f.list_of("complete").entries == 0);
}

TEST_CASE("OCSP: a serial that was never issued is unknown, another issuer is unauthorized, rubbish is malformed") {
  Fixture f;
  Fixture other;
  const auto issued = f.issue();
  const auto foreign = other.issue();
  const auto raw = [&](base::BytesView request) { return flow::answer_ocsp(*f.house, request, f.now); };
  const auto about_foreign = raw(crypto::make_ocsp_request(foreign.der, other.authority.der).value());
  CHECK(about_foreign.der == crypto::refuse_ocsp(crypto::OcspRefusal::unauthorized));
  CHECK_FALSE(about_foreign.until.has_value());
  CHECK(raw("rubbish").der == crypto::refuse_ocsp(crypto::OcspRefusal::malformed));
  CHECK(raw("").der == crypto::refuse_ocsp(crypto::OcspRefusal::malformed));
  // The serial of the other authority's certificate, asked of this one.
  const auto unknown = raw(crypto::make_ocsp_request(foreign.der, f.authority.der).value());
  CHECK(crypto::read_ocsp_answer(unknown.der, foreign.der, f.authority.der, f.now)->status ==
        crypto::OcspStatus::unknown);
  CHECK(unknown.until.has_value());
}

TEST_CASE("without a responder that counts OCSP says to try later, and the background makes a new one") {
  Fixture f;
  const auto issued = f.issue();
  f.now += std::chrono::hours(24 * 30);
  const auto request = crypto::make_ocsp_request(issued.der, f.authority.der).value();
  CHECK(flow::answer_ocsp(*f.house, request, f.now).der == crypto::refuse_ocsp(crypto::OcspRefusal::try_later));
  REQUIRE(flow::renew_authorities(*f.house, f.now));
  CHECK(f.ask(issued.der)->status == crypto::OcspStatus::good);
}

TEST_CASE("when an account is deleted its certificates are revoked, and the row keeps no name") {
  Fixture f;
  f.add_account("jan", "Correct-Horse-7");
  flow::CommandWish wish;
  wish.profile = authority::Profile::person_login;
  wish.account = "jan";
  wish.common_name = "Jan Nowak";
  const auto made = flow::issue_by_command(*f.house, f.by, wish, f.facts());
  REQUIRE(made);
  const std::string sha256 = made->issued.sha256;
  REQUIRE(flow::delete_account(*f.house, f.by, "jan", f.facts()));
  const auto row = f.store->read([&](store::Tx& tx) { return store::find_issued(tx, sha256); }).value();
  REQUIRE(row);
  CHECK(row->revoked_at == f.now);
  CHECK(row->subject.empty());
  CHECK(row->der.empty());
  CHECK_FALSE(row->account_id.has_value());
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  CHECK(f.list_of("complete").entries == 1);
}
