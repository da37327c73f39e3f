// Documents are verified (S4.21): who may, by what, and what is recorded.
#include "flow/validation/verify_document.hpp"

#include <mutex>

#include "crypto/certificate/revocation_list.hpp"
#include "crypto/signing/soft_key.hpp"
#include "flow/certificate/authority_fixture.hpp"
#include "flow/certificate/trust_anchors.hpp"
#include "flow/registration/api_token.hpp"
#include "flow/tenant/features.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "flow/validation/keep_report.hpp"
#include "flow/validation/offer_validation.hpp"
#include "flow/validation/report_json.hpp"
#include "flow/validation/report_xml.hpp"
#include "flow/validation/validation_desk.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "signature/cades/make_cades.hpp"
#include "store/account/accounts.hpp"

using flow::VerifyRefusal;
using testing::AuthorityFixture;

namespace {

constexpr auto a_day = std::chrono::hours(24);
const std::string letter = "Dear Ewa,\nall is well.\n";
constexpr crypto::SignatureAlgorithm algorithm{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};

const crypto::SoftKey& signing_key() {
  static const crypto::SoftKey key = crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256).value();
  return key;
}

base::Bytes sign(const base::Bytes& certificate, const std::vector<base::Bytes>& chain, base::Time at) {
  signature::SignatureWish wish;
  wish.certificate = certificate;
  wish.chain = chain;
  wish.algorithm = algorithm;
  wish.signing_time = at;
  const flow::ContentInMemory content("letter.txt", letter);
  const auto prepared = signature::prepare_cades(wish, content);
  REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
  const auto value = signing_key().sign(algorithm, prepared->to_be_signed).value();
  return signature::complete_cades(prepared->state, value, &content).value();
}

struct Fixture : AuthorityFixture {
  explicit Fixture(std::optional<remote::HttpClient> client = std::nullopt, flow::ValidationSettings validation = {})
      : desk(std::move(validation), std::move(client)) {
    house->validation = &desk;
  }

  flow::IssuedCertificate issue_signer() {
    auto wish = wish_for(authority::Profile::signature, "Anna Kowalska");
    wish.public_key = signing_key().public_key();
    auto issued = try_issue(wish);
    REQUIRE_MESSAGE(issued, base::describe(issued.error()));
    return *issued;
  }
  flow::VerifiedDocument verify(const base::Bytes& document, const std::string& content = letter,
                                const rights::Actor* actor = nullptr, flow::VerifyWish wish = {}) {
    const flow::ContentInMemory beside("letter.txt", content);
    wish.document = document;
    if (!content.empty()) wish.contents = {&beside};
    auto verified = flow::verify_for_visitor(*house, actor, wish, facts());
    REQUIRE_MESSAGE(verified, base::describe(verified.error()));
    return *std::move(verified);
  }
  std::string words(const flow::VerifiedDocument& verified) {
    if (verified.refusal) return "refused: " + std::string(flow::name_of(*verified.refusal));
    const auto& verdict = verified.report.verdict;
    return std::string(name_of(verdict.indication)) + " " + std::string(name_of(verdict.sub_indication));
  }
  void switch_feature(flow::Feature feature, flow::FeatureState state) {
    REQUIRE(flow::set_feature(*house, by, {"", feature, state}, facts()));
  }

  flow::ValidationDesk desk;
};

flow::VerifyWish about(base::BytesView document) {
  flow::VerifyWish wish;
  wish.document = document;
  return wish;
}
flow::VerifyWish under(const std::string& policy) {
  flow::VerifyWish wish;
  wish.policy = policy;
  return wish;
}

/// An authority of others that publishes its list at an address of this machine.
struct Foreign {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Time now;
  base::Bytes root;
  int asked = 0;
  base::Bytes list;
  std::mutex mutex;
  std::unique_ptr<http::Server> server;

  explicit Foreign(base::Time at) : now(at) {
    crypto::CertificateTemplate wanted = begin("Foreign Root");
    wanted.key_uses = {crypto::KeyUse::sign_certificates, crypto::KeyUse::sign_lists};
    wanted.is_authority = true;
    root = crypto::issue_root(wanted, key).value();
    auto router = std::make_shared<http::Router>();
    router->get("/ca.crl", [this](const http::Request&) {
      const std::lock_guard lock(mutex);
      ++asked;
      http::Response response;
      response.content_type = "application/pkix-crl";
      response.body = list;
      return response;
    });
    http::ServerOptions options;
    http::Listener listener;
    listener.name = "list";
    listener.address = "127.0.0.1";
    options.listeners = {listener};
    server = std::make_unique<http::Server>(std::move(options), std::move(router));
    REQUIRE(server->start());
    publish({});
  }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(server->port("list")); }
  [[nodiscard]] crypto::CertificateTemplate begin(const std::string& name) const {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = now - a_day;
    wanted.not_after = now + 365 * a_day;
    return wanted;
  }
  [[nodiscard]] base::Bytes issue() const {
    crypto::CertificateTemplate wanted = begin("Ewa Lis");
    wanted.key_uses = {crypto::KeyUse::digital_signature};
    wanted.public_key = signing_key().public_key();
    wanted.list_url = "http://" + host() + "/ca.crl";
    return crypto::issue(wanted, {root, key}).value();
  }
  void publish(const std::vector<crypto::RevokedSerial>& revoked) {
    crypto::RevocationListTemplate wanted;
    wanted.number = 1;
    wanted.this_update = now;
    wanted.next_update = now + a_day;
    wanted.revoked = revoked;
    const std::lock_guard lock(mutex);
    list = crypto::make_revocation_list(wanted, {root, key}).value();
  }
  [[nodiscard]] remote::HttpClient client() const {
    remote::HttpOptions options;
    options.loopback_http = {host()};
    options.total_time = base::Duration(10'000);
    options.most_body = crypto::largest_list;
    return remote::HttpClient::make(std::move(options)).value();
  }
};

void trust_root(Fixture& f, const base::Bytes& root) {
  flow::AnchorWish wish;
  wish.certificate = root;
  wish.purpose = trust::Purpose::signature;
  wish.asks = trust::Asks::none;
  REQUIRE(flow::add_trust_anchor(*f.house, f.by, wish, f.facts()));
}

}  // namespace

TEST_CASE("a signature by a certificate of the own authority is valid until it is revoked, and the event says so") {
  Fixture f;
  f.make_authority();
  const auto issued = f.issue_signer();
  REQUIRE(flow::publish_due_lists(*f.house, f.now));
  const base::Bytes document = sign(issued.der, issued.chain, f.now);
  const auto verified = f.verify(document);
  CHECK(f.words(verified) == "TOTAL-PASSED ");
  CHECK(verified.report.signatures.front().signer.name == "Anna Kowalska");
  CHECK(verified.report.document_sha256 == base::to_hex(crypto::digest(crypto::DigestKind::sha256, document)));
  const auto events = f.events("signature_validated");
  REQUIRE(events.size() == 1);
  // The record names the document, not the file that holds nothing but its signature.
  CHECK(verified.report.content_sha256 == base::to_hex(crypto::digest(crypto::DigestKind::sha256, letter)));
  CHECK(events.front().data.find(verified.report.content_sha256) != std::string::npos);
  CHECK(events.front().data.find("total_passed") != std::string::npos);
  CHECK(events.front().data.find("Anna") == std::string::npos);

  CHECK(f.words(f.verify(document, "Dear Ewa,\nall is lost.\n")) == "TOTAL-FAILED HASH_FAILURE");
  CHECK(f.words(f.verify(document, "")) == "INDETERMINATE SIGNED_DATA_NOT_FOUND");
  REQUIRE(f.revoke(issued.sha256));
  f.now += std::chrono::minutes(1);
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  CHECK(f.words(f.verify(document)) == "INDETERMINATE REVOKED_NO_POE");
}

TEST_CASE("what is no signature in a known form is refused by its name, and nothing is recorded") {
  Fixture f;
  const std::vector<std::pair<base::Bytes, VerifyRefusal>> cases{
      {"", VerifyRefusal::empty},
      {"a letter without a signature", VerifyRefusal::no_signature},
      {"%PDF-1.7\n%\xE2\xE3\xCF\xD3", VerifyRefusal::pdf},
      {base::Bytes("PK\x03\x04\x0A\x00\x00\x00", 8), VerifyRefusal::zip},
      {R"({"payload":""})", VerifyRefusal::json},
      {base::Bytes(17 * 1024 * 1024, '<'), VerifyRefusal::too_large},
  };
  for (const auto& [document, refusal] : cases) {
    CHECK(f.words(f.verify(document)) == "refused: " + std::string(flow::name_of(refusal)));
  }
  CHECK(f.words(f.verify("<a/>", letter, nullptr, under("strict"))) == "refused: unknown_policy");
  flow::VerifyWish tomorrow;
  tomorrow.at = f.now + a_day;
  CHECK(f.words(f.verify("<a/>", letter, nullptr, tomorrow)) == "refused: future");
  CHECK(f.events("signature_validated").empty());
}

TEST_CASE("XML with a document type, and XML without a signature, are answered and not followed") {
  Fixture f;
  const auto report = [&](const base::Bytes& document) { return f.verify(document, "").report.verdict; };
  const auto with_dtd = report("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>");
  CHECK(with_dtd.sub_indication == signature::SubIndication::format_failure);
  CHECK(with_dtd.reason == "xml_dtd");
  CHECK(report("<a><b/></a>").sub_indication == signature::SubIndication::format_failure);
}

TEST_CASE("without a login it depends on the installation, with one on the organisation") {
  Fixture f;
  CHECK(flow::offers_validation(*f.house, nullptr).value());
  f.switch_feature(flow::Feature::public_validation, flow::FeatureState::off);
  CHECK_FALSE(flow::offers_validation(*f.house, nullptr).value());
  CHECK(f.words(f.verify("<a/>")) == "refused: feature_off");
  // The operator at the command line needs no feature.
  CHECK(f.words(f.verify("<a/>", "", &f.by)) == "TOTAL-FAILED FORMAT_FAILURE");
}

TEST_CASE("a network gets so many anonymous validations in a minute, and another one has its own") {
  flow::ValidationSettings settings;
  settings.anonymous_each_minute = 3;
  Fixture f(std::nullopt, settings);
  for (int i = 0; i < 3; ++i) CHECK(f.words(f.verify("<a/>", "")) == "TOTAL-FAILED FORMAT_FAILURE");
  CHECK(f.words(f.verify("<a/>", "")) == "refused: too_many");
  f.now += std::chrono::seconds(21);
  CHECK(f.words(f.verify("<a/>", "")) == "TOTAL-FAILED FORMAT_FAILURE");
  CHECK(f.desk.take_anonymous("198.51.100.7", f.now));
}

TEST_CASE("a list is fetched from the address in a trusted certificate, once, and from no other") {
  const base::Time now = base::parse_rfc3339("2026-11-21T09:00:00Z").value();
  Foreign foreign(now);
  Fixture f(foreign.client());
  const base::Bytes signer = foreign.issue();
  const base::Bytes document = sign(signer, {}, f.now);
  // Nobody trusts it: nothing is fetched from what a stranger has written into a certificate.
  CHECK(f.words(f.verify(document)) == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND");
  CHECK(foreign.asked == 0);
  trust_root(f, foreign.root);
  const auto verified = f.verify(document);
  CHECK(f.words(verified) == "TOTAL-PASSED ");
  CHECK(verified.report.signatures.front().certificates.front().revocation_from == "fetched");
  CHECK(foreign.asked == 1);
  CHECK(f.words(f.verify(document)) == "TOTAL-PASSED ");
  CHECK(foreign.asked == 1);
  // Revoked: it counts as soon as the list is fetched again.
  foreign.now = f.now + std::chrono::hours(13);
  foreign.publish({{crypto::parse_certificate(signer)->serial, f.now, crypto::RevocationReason::key_compromise}});
  f.now += std::chrono::hours(25);
  CHECK(f.words(f.verify(document)) == "INDETERMINATE REVOKED_NO_POE");
  CHECK(foreign.asked == 2);
}

TEST_CASE("offline nothing is fetched, and an answer that is missing is told") {
  const base::Time now = base::parse_rfc3339("2026-11-21T09:00:00Z").value();
  Foreign foreign(now);
  flow::ValidationSettings settings;
  settings.offline = true;
  Fixture f(foreign.client(), settings);
  trust_root(f, foreign.root);
  CHECK(f.words(f.verify(sign(foreign.issue(), {}, f.now))) == "INDETERMINATE TRY_LATER");
  CHECK(foreign.asked == 0);
}

TEST_CASE("a program needs a token with the scope, and a token of a suspended account is none") {
  Fixture f;
  const auto verify_with = [&](const flow::CallerProof& proof) {
    auto verified = flow::verify_by_program(*f.house, proof, about("<a/>"), f.facts());
    REQUIRE_MESSAGE(verified, base::describe(verified.error()));
    return f.words(*verified);
  };
  const base::Id anna = f.add_account("anna", "Meadow-Violet-2026");
  const auto make = [&](const std::string& scopes) {
    flow::MadeToken made = flow::make_token(flow::TokenKind::personal, f.now);
    made.row.tenant_id = f.tenant_id;
    made.row.account_id = anna;
    made.row.name = "archive";
    made.row.scopes = scopes;
    made.row.created_at = f.now;
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::insert_api_token(tx, made.row); }));
    return std::string(made.text.reveal());
  };
  CHECK(verify_with(flow::BearerToken{make("verify")}) == "TOTAL-FAILED FORMAT_FAILURE");
  CHECK(verify_with(flow::BearerToken{make("sign")}) == "refused: lacks_scope");
  CHECK(verify_with(flow::BearerToken{"chy_pat_" + std::string(43, 'A')}) == "refused: unauthenticated");
  CHECK(verify_with(flow::BearerToken{"nonsense"}) == "refused: unauthenticated");
  const std::string token = make("verify");
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return store::set_account_status(tx, anna, identity::AccountStatus::suspended_admin, f.now, std::nullopt);
  }));

  CHECK(verify_with(flow::BearerToken{token}) == "refused: unauthenticated");
}

TEST_CASE("a report can be read at its address for an hour, and nowhere else") {
  Fixture f;
  const auto report = f.verify("<a/>", "").report;
  const std::string address = flow::keep_report(*f.house, report, "letter.txt", f.now).value();
  const auto found = flow::find_report(*f.house, address, f.now).value();
  REQUIRE(found);
  CHECK(flow::print_report(found->report, text::Language::en) == flow::print_report(report, text::Language::en));
  CHECK(found->until == f.now + std::chrono::hours(1));
  std::string wrong = address;
  wrong.back() = wrong.back() == 'A' ? 'Q' : 'A';
  for (const std::string& other : {wrong, std::string(), address.substr(1), std::string(43, 'A')}) {
    CHECK_FALSE(flow::find_report(*f.house, other, f.now).value());
  }
  CHECK_FALSE(flow::find_report(*f.house, address, f.now + std::chrono::hours(1)).value());
}

TEST_CASE("a printed report is read again without loss, and as ETSI XML has the words as URNs") {
  Fixture f;
  f.make_authority();
  const auto issued = f.issue_signer();
  REQUIRE(flow::publish_due_lists(*f.house, f.now));
  const auto report = f.verify(sign(issued.der, issued.chain, f.now)).report;
  for (const auto language : {text::Language::en, text::Language::de, text::Language::pl}) {
    const std::string printed = flow::print_report(report, language);
    const auto again = flow::read_report(printed);
    REQUIRE_MESSAGE(again, base::describe(again.error()));
    CHECK(flow::print_report(*again, language) == printed);
  }
  CHECK_FALSE(flow::read_report("{}"));
  CHECK_FALSE(flow::read_report("[]"));
  const std::string xml = flow::print_etsi_report(report);
  CHECK(xml.find("urn:etsi:019102:mainindication:total-passed") != std::string::npos);
  CHECK(xml.find("<vr:Signer>Anna Kowalska</vr:Signer>") != std::string::npos);
  const std::string failed = flow::print_etsi_report(f.verify("<a/>", "").report);
  CHECK(failed.find("urn:etsi:019102:subindication:FORMAT_FAILURE") != std::string::npos);
}
