// The own authority with its keys on a token of SoftHSM.
#include "flow/certificate/authority_token.hpp"

#include <doctest/doctest.h>

#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "flow/certificate/answer_ocsp.hpp"
#include "flow/certificate/authority_fixture.hpp"
#include "softhsm.hpp"

using testing::AuthorityFixture;
using namespace std::chrono_literals;

namespace {

struct OnToken : testing::SoftHsm, AuthorityFixture {
  using SoftHsm::settings;
  explicit OnToken(crypto::KeyKind its_kind = crypto::KeyKind::ec_p256) : kind(its_kind) {
    add_token("HSM");
    use(settings("HSM", "hsm"));
  }
  /// As a start of the server does: nothing of what the process knew is left.
  void use(const token::Settings& with) {
    house->tokens = nullptr;
    tokens = std::make_unique<token::Tokens>(std::vector{with});
    house->tokens = tokens.get();
  }
  base::Result<store::AuthorityRow> try_create(const std::string& its_pin = SoftHsm::pin,
                                               const std::string& name = "hsm") {
    flow::AuthorityWish wish{"", "Clinic", kind};
    wish.token = name;
    wish.token_pin = base::Secret(its_pin);
    return flow::create_authority(*house, by, wish, facts());
  }
  store::AuthorityRow create() {
    auto made = try_create();
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    REQUIRE(flow::publish_changed_lists(*house, now));
    return *made;
  }
  base::Bytes ask(const flow::IssuedCertificate& issued) const {
    const auto request = crypto::make_ocsp_request(issued.der, issued.chain.front());
    REQUIRE(request);
    return flow::answer_ocsp(*house, *request, now).der;
  }
  crypto::OcspStatus status_of(const flow::IssuedCertificate& issued) const {
    const auto read = crypto::read_ocsp_answer(ask(issued), issued.der, issued.chain.front(), now);
    REQUIRE_MESSAGE(read, base::describe(read.error()));
    return read->status;
  }
  base::Bytes list_of(const store::AuthorityRow& row) const {
    const auto list = flow::find_published_list(*house, row.id, "complete");
    REQUIRE(list);
    REQUIRE(list->has_value());
    return (*list)->der;
  }
  std::size_t count_keys() const {
    const auto all = tokens->find("hsm")->list_keys(base::Secret(SoftHsm::pin));
    REQUIRE(all);
    return all->size();
  }

  crypto::KeyKind kind;
  std::unique_ptr<token::Tokens> tokens;
};

bool is_good(const flow::IssuedCertificate& issued, base::Time now) {
  crypto::PathMaterial material;
  material.leaf = issued.der;
  material.intermediates = {issued.chain.front()};
  material.anchors = {issued.chain.back()};
  crypto::PathRules rules;
  rules.purpose = crypto::PathPurpose::tls_client;
  rules.now = now;
  return crypto::verify_chain(material, rules).is_good();
}

}  // namespace

TEST_CASE("certificates, lists and answers of OCSP are signed on the token, and no private key is in the database") {
  for (const crypto::KeyKind kind :
       {crypto::KeyKind::ec_p256, crypto::KeyKind::brainpool_p256, crypto::KeyKind::rsa_2048}) {
    CAPTURE(crypto::name_of(kind));
    OnToken f(kind);
    const store::AuthorityRow row = f.create();
    CHECK(row.key_kind == crypto::name_of(kind));
    CHECK(flow::find_authority_token(*f.house, f.by, row.id).value() == "hsm");
    for (const base::Id& id : {row.id, row.parent_id.value()}) {
      const auto key = f.store->read([&](store::Tx& tx) { return store::find_authority_key(tx, id); }).value();
      CHECK(key.pkcs8.empty());
      CHECK(key.token == "hsm");
      CHECK_FALSE(key.token_object.empty());
    }
    const auto issued = f.issue();
    CHECK(is_good(issued, f.now));
    CHECK(f.status_of(issued) == crypto::OcspStatus::good);
    const base::Bytes before = f.list_of(row);
    CHECK(crypto::is_signed_by(before, row.der).value());
    REQUIRE(f.revoke(issued.sha256));
    CHECK(f.status_of(issued) == crypto::OcspStatus::revoked);  // at once, although "good" was signed a moment ago
    REQUIRE(flow::publish_changed_lists(*f.house, f.now));
    CHECK(f.list_of(row) != before);
    CHECK(crypto::read_revocation_list(f.list_of(row))->entries == 1);
    CHECK(f.count_keys() == 3);
  }
}

TEST_CASE("while the token is away nothing is issued, and what was signed before stays served") {
  OnToken f;
  const store::AuthorityRow row = f.create();
  const auto issued = f.issue();
  const base::Bytes answer = f.ask(issued);
  const base::Bytes list = f.list_of(row);
  f.use(f.settings("another token", "hsm"));
  f.tokens->find("hsm")->keep_pin(base::Secret(testing::SoftHsm::pin));
  const auto refused = f.try_issue(f.wish_for(authority::Profile::client_system));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::unavailable);
  CHECK(refused.error().reason.find("hsm") != std::string::npos);
  CHECK(f.ask(issued) == answer);
  CHECK(f.status_of(issued) == crypto::OcspStatus::good);
  REQUIRE(f.revoke(issued.sha256));  // a revocation needs no key
  CHECK_FALSE(
      crypto::read_ocsp_answer(f.ask(issued), issued.der, issued.chain.front(), f.now));  // tryLater, never "good"
  CHECK(flow::publish_changed_lists(*f.house, f.now).error().code == base::Code::unavailable);
  CHECK(f.list_of(row) == list);
  f.use(f.settings("HSM", "hsm"));
  f.tokens->find("hsm")->keep_pin(base::Secret(testing::SoftHsm::pin));
  CHECK(f.status_of(issued) == crypto::OcspStatus::revoked);
  f.now += 31s;  // it was not asked twice a second meanwhile
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  CHECK(crypto::read_revocation_list(f.list_of(row))->entries == 1);
}

TEST_CASE("an answer about a certificate is given for ten minutes without the token, and then not any more") {
  OnToken f;
  f.create();
  const auto issued = f.issue();
  const base::Bytes answer = f.ask(issued);
  f.house->tokens = nullptr;
  f.now += 9min;
  CHECK(f.ask(issued) == answer);
  f.now += 2min;
  CHECK(f.ask(issued) == crypto::refuse_ocsp(crypto::OcspRefusal::try_later));
}

TEST_CASE("after a start the token waits for its PIN, from a file or from an operator, and a wrong one is forgotten") {
  OnToken f;
  f.create();
  const std::size_t events = f.events("authority_change").size();
  f.use(f.settings("HSM", "hsm"));
  const auto wish = f.wish_for(authority::Profile::client_system);
  CHECK(f.try_issue(wish).error().reason.find("waits for its PIN") != std::string::npos);
  const auto unlock = [&](const std::string& pin) {
    return flow::unlock_authority_token(*f.house, f.by, "hsm", base::Secret(pin), f.facts());
  };
  CHECK(unlock("000000").error().code == base::Code::login_failed);
  CHECK_FALSE(f.try_issue(wish));
  REQUIRE(unlock(testing::SoftHsm::pin));
  CHECK(f.events("authority_change").size() == events + 2);  // root and issuing authority
  CHECK(f.try_issue(wish));
  REQUIRE(unlock(""));
  CHECK_FALSE(f.try_issue(wish));
  token::Settings with_file = f.settings("HSM", "hsm");
  with_file.pin = base::Secret(testing::SoftHsm::pin);
  f.use(with_file);
  CHECK(f.try_issue(wish));
  with_file.pin = base::Secret("000000");
  f.use(with_file);
  CHECK_FALSE(f.try_issue(wish));
  CHECK(f.tokens->find("hsm")->kept_pin().empty());  // a card would be locked by the third attempt
  CHECK(flow::unlock_authority_token(*f.house, f.by, "nothing", base::Secret("1"), f.facts()).error().code ==
        base::Code::not_found);
}

TEST_CASE("an authority is not made on a token that is unknown, away or locked by another PIN") {
  OnToken f;
  CHECK(f.try_create(testing::SoftHsm::pin, "nothing").error().code == base::Code::not_found);
  CHECK(f.try_create("").error().code == base::Code::unavailable);
  CHECK(f.try_create("000000").error().code == base::Code::login_failed);
  CHECK(flow::list_authorities_for(*f.house, f.by).value().empty());
  CHECK(f.count_keys() == 0);
  f.create();
  CHECK(f.try_create().error().code == base::Code::already_exists);
  CHECK(f.count_keys() == 3);
}

TEST_CASE("a roll-over makes its keys on the same token, and the responder of a week keeps its key") {
  OnToken f;
  const store::AuthorityRow row = f.create();
  CHECK(f.count_keys() == 3);
  const auto next = flow::rotate_authority(*f.house, f.by, row.id, f.facts());
  REQUIRE_MESSAGE(next, base::describe(next.error()));
  CHECK(flow::find_authority_token(*f.house, f.by, next->id).value() == "hsm");
  CHECK(f.count_keys() == 5);  // no new root
  const auto before =
      f.store->read([&](store::Tx& tx) { return store::find_ocsp_responder(tx, next->id); }).value().value();
  f.now += 24h * 6;
  REQUIRE(flow::renew_authorities(*f.house, f.now));
  const auto after =
      f.store->read([&](store::Tx& tx) { return store::find_ocsp_responder(tx, next->id); }).value().value();
  CHECK(after.sha256 != before.sha256);
  CHECK(after.key.token_object == before.key.token_object);
  CHECK(f.count_keys() == 5);
}

TEST_CASE("a revocation of the authority counts while its token is away, and the next one follows when it is back") {
  OnToken f;
  const store::AuthorityRow row = f.create();
  const auto issued = f.issue();
  f.use(f.settings("another token", "hsm"));
  f.tokens->find("hsm")->keep_pin(base::Secret(testing::SoftHsm::pin));
  REQUIRE(flow::revoke_authority(*f.house, f.by, row.id, crypto::RevocationReason::key_compromise, f.facts()));
  CHECK(f.judge(issued.der) != "");
  CHECK_FALSE(flow::renew_authorities(*f.house, f.now));
  f.use(f.settings("HSM", "hsm"));
  f.tokens->find("hsm")->keep_pin(base::Secret(testing::SoftHsm::pin));
  REQUIRE(flow::renew_authorities(*f.house, f.now));
  CHECK(is_good(f.issue(), f.now));
  CHECK(flow::renew_authorities(*f.house, f.now));
  CHECK(flow::list_authorities_for(*f.house, f.by).value().size() == 3);
}
