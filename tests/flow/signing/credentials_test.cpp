// Making, certifying and ending credentials that sign documents.
#include <doctest/doctest.h>

#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/pkcs12.hpp"
#include "crypto/signing/token_parts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/certificate/judge_certificate.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/signing/credential_fixture.hpp"
#include "flow/signing/remind_credentials.hpp"
#include "store/account/identifiers.hpp"
#include "store/certificate/issued_certificates.hpp"

using flow::Activation;
using testing::CredentialFixture;
using namespace std::chrono_literals;

namespace {

/// Another authority, which answers requests.
struct Elsewhere {
  crypto::KeyPair key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  base::Bytes root;
  base::Time now;

  explicit Elsewhere(base::Time at) : now(at) {
    crypto::CertificateTemplate wanted = begin("Elsewhere");
    wanted.is_authority = true;
    wanted.key_uses = {crypto::KeyUse::sign_certificates};
    root = crypto::issue_root(wanted, key).value();
  }
  crypto::CertificateTemplate begin(const std::string& name) const {
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = name;
    wanted.not_before = now - 24h;
    wanted.not_after = now + 24h * 100;
    return wanted;
  }
  base::Bytes issue(const base::Bytes& spki,
                    std::vector<crypto::KeyUse> uses = {crypto::KeyUse::non_repudiation}) const {
    crypto::CertificateTemplate wanted = begin("Anna");
    wanted.public_key = spki;
    wanted.key_uses = std::move(uses);
    return crypto::issue(wanted, {root, key}).value();
  }
};

flow::CredentialWish own_wish() {
  flow::CredentialWish wish;
  wish.label = "Mine";
  wish.pin = base::Secret(CredentialFixture::pin);
  return wish;
}

}  // namespace

TEST_CASE("a key of each kind is made for a person and certified by the own authority for signatures alone") {
  CredentialFixture f;
  for (const crypto::SoftKeyKind kind : {crypto::SoftKeyKind::ec_p256, crypto::SoftKeyKind::ec_p521,
                                         crypto::SoftKeyKind::brainpool_p256, crypto::SoftKeyKind::rsa_2048}) {
    CAPTURE(crypto::name_of(kind));
    auto wish = f.wish_for("anna");
    wish.kind = kind;
    const auto made = f.make(wish);
    CHECK(made.status == "active");
    CHECK(made.is_own_issue);
    CHECK(made.subject.find("CN=Anna Kowalska") != std::string::npos);
    CHECK(made.subject.find("GN=Anna") != std::string::npos);
    CHECK(flow::split_chain(made.chain).size() == 2);
    CHECK(crypto::split_certificate(made.certificate)->may_sign);
    const auto issued = f.store->read([&](store::Tx& tx) { return store::find_issued(tx, made.sha256); }).value();
    REQUIRE(issued);
    CHECK(issued->profile == "signature");
    CHECK(issued->account_id == f.anna);
    // It is for no login.
    const auto judged = f.store->read([&](store::Tx& tx) {
      return flow::judge_certificate(tx, made.certificate, trust::Purpose::person_login, f.now);
    });
    CHECK_FALSE(judged->flaw.empty());
  }
  CHECK(f.events("credential_change").size() == 4);
  CHECK(f.events("credential_change").front().data.find(R"("change":"added")") != std::string::npos);
}

TEST_CASE("a person makes a key, sends its request elsewhere, and imports the answer; one of another key is refused") {
  CredentialFixture f;
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const auto made = flow::create_credential(*f.house, anna, own_wish(), f.facts());
  REQUIRE_MESSAGE(made, base::describe(made.error()));
  CHECK(made->status == "requested");
  CHECK(made->account_id == f.anna);
  const auto request = flow::request_certificate(*f.house, anna, made->id, {}, f.facts());
  REQUIRE_MESSAGE(request, base::describe(request.error()));
  const auto read = crypto::read_certificate_request(*request);
  REQUIRE(read);
  CHECK(read->public_key == made->spki);
  CHECK(read->common_name == "Anna Kowalska");
  const Elsewhere elsewhere(f.now);
  const auto other = crypto::SoftKey::generate(crypto::SoftKeyKind::ec_p256).value();
  const auto import = [&](const base::Bytes& answer) {
    return flow::import_certificate(*f.house, anna, made->id, answer, f.facts());
  };
  CHECK(import(elsewhere.issue(other.public_key())).error().code == base::Code::conflict);
  CHECK(import(elsewhere.root).error().code == base::Code::conflict);
  CHECK(import("no certificate").error().code == base::Code::invalid_input);
  CHECK(import(elsewhere.issue(made->spki, {crypto::KeyUse::key_agreement})).error().code == base::Code::invalid_input);
  CHECK(f.find(made->id).status == "requested");
  const base::Bytes certificate = elsewhere.issue(made->spki);
  const auto certified = import(crypto::to_pem(elsewhere.root) + crypto::to_pem(certificate));
  REQUIRE_MESSAGE(certified, base::describe(certified.error()));
  const auto row = f.find(made->id);
  CHECK(row.status == "active");
  CHECK(row.certificate == certificate);
  CHECK(flow::split_chain(row.chain) == std::vector<base::Bytes>{elsewhere.root});
  CHECK_FALSE(row.is_own_issue);
  CHECK(f.sign(anna, f.use_of(row)));
  f.now = *row.not_after + 1s;
  CHECK(flow::state_of(f.find(made->id), f.now) == "expired");
}

TEST_CASE(
    "a PKCS#12 file is imported with its chain, once; a wrong password and a certificate that is over are told apart") {
  CredentialFixture f;
  const Elsewhere elsewhere(f.now);
  const auto key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  const auto encode = [&](const base::Bytes& certificate) {
    return base::Bytes(
        crypto::encode_pkcs12({.key = key, .certificate = certificate, .chain = {elsewhere.root}, .name = "anna"},
                              base::Secret("of the file"))
            .value()
            .reveal());
  };
  const base::Bytes file = encode(elsewhere.issue(key.public_key()));
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const auto import = [&](const base::Bytes& octets, const std::string& password) {
    const auto turn = flow::ImportTurn::take(anna, f.now);
    REQUIRE(turn);
    return flow::import_pkcs12(*f.house, anna, own_wish(), {octets, base::Secret(password), *turn}, f.facts());
  };
  CHECK(import(file, "wrong").error().code == base::Code::login_failed);
  CHECK(import("no file", "x").error().code == base::Code::invalid_input);
  const auto imported = import(file, "of the file");
  REQUIRE_MESSAGE(imported, base::describe(imported.error()));
  CHECK(imported->status == "active");
  CHECK(flow::split_chain(imported->chain).size() == 1);
  CHECK(f.sign(anna, f.use_of(*imported)));
  CHECK(import(file, "of the file").error().code == base::Code::already_exists);
  Elsewhere earlier = elsewhere;
  earlier.now = f.now - 24h * 200;
  CHECK(import(encode(earlier.issue(key.public_key())), "of the file").error().code == base::Code::expired);
}

namespace {

bool is_refused_turn(const rights::Actor& actor, base::Time now) {
  const auto turn = flow::ImportTurn::take(actor, now);
  return !turn && turn.error().code == base::Code::unavailable && turn.error().reason == flow::imports_busy;
}

}  // namespace

TEST_CASE("files with keys are opened one at a time for each person, and two at a time in all") {
  CredentialFixture f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const rights::Actor again = f.actor(f.log_in("anna"));  // another session of the same person
  const rights::Actor jan = f.actor(f.log_in("jan"));
  {
    const auto first = flow::ImportTurn::take(anna, f.now);
    REQUIRE(first);
    CHECK(is_refused_turn(anna, f.now));
    CHECK(is_refused_turn(again, f.now));
    auto second = flow::ImportTurn::take(jan, f.now);
    REQUIRE(second);
    const flow::ImportTurn moved = std::move(*second);
    CHECK(is_refused_turn(f.by, f.now));
  }
  CHECK_FALSE(is_refused_turn(f.by, f.now));
  CHECK_FALSE(is_refused_turn(anna, f.now));
}

TEST_CASE("two people who send file after file leave a turn for everybody else") {
  CredentialFixture f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const rights::Actor jan = f.actor(f.log_in("jan"));
  f.add_person("ada", "ada@clinic.example");
  const rights::Actor ada = f.actor(f.log_in("ada"));
  CHECK_FALSE(is_refused_turn(anna, f.now));
  CHECK_FALSE(is_refused_turn(jan, f.now));
  // One that began before theirs and comes after them changes nothing for them.
  CHECK_FALSE(is_refused_turn(f.by, f.now - 1s));
  const auto again = flow::ImportTurn::take(anna, f.now + 1s);
  REQUIRE(again);
  CHECK(is_refused_turn(jan, f.now + 1s));
  CHECK_FALSE(is_refused_turn(ada, f.now + 1s));
  CHECK_FALSE(is_refused_turn(jan, f.now + 1min));
}

TEST_CASE("who may make what: a person for the own account, manage_credentials for all else, and nobody while acting") {
  CredentialFixture f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const auto refused = [&](const flow::CredentialWish& wish) {
    const auto made = flow::create_credential(*f.house, anna, wish, f.facts());
    return made ? base::Code::internal : made.error().code;
  };
  auto for_jan = own_wish();
  for_jan.owner.account = "jan";
  CHECK(refused(for_jan) == base::Code::denied);
  auto seal = own_wish();
  seal.owner.is_seal = true;
  CHECK(refused(seal) == base::Code::denied);
  auto issued = own_wish();
  issued.is_issued = true;
  CHECK(refused(issued) == base::Code::denied);
  auto on_token = own_wish();
  on_token.token = "hba";
  CHECK(refused(on_token) == base::Code::denied);
  auto free = own_wish();
  free.activation = Activation::none;
  CHECK(refused(free) == base::Code::invalid_input);
  for (const char* pin : {"", "12345", "111111"}) {
    auto weak = own_wish();
    weak.pin = base::Secret(pin);
    CHECK(refused(weak) == base::Code::invalid_input);
  }
  auto unnamed = own_wish();
  unnamed.label = "";
  CHECK(refused(unnamed) == base::Code::invalid_input);
  CHECK(refused(own_wish()) == base::Code::internal);
  f.now += 20min;
  const auto stale = flow::create_credential(*f.house, anna, own_wish(), f.facts());
  CHECK(stale.error().code == base::Code::denied);
  CHECK(flow::list_credentials(*f.house, anna, "", "", f.now).error().code == base::Code::denied);
  CHECK(flow::look_at_tokens(*f.house, anna).error().code == base::Code::denied);
}

TEST_CASE("another person's credential is not there for who has no right to it") {
  CredentialFixture f;
  f.add_person("jan", "jan@clinic.example");
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor jan = f.actor(f.log_in("jan"));
  const auto facts = f.facts();
  CHECK(flow::find_credential(*f.house, jan, credential.id, f.now).error().code == base::Code::denied);
  CHECK(flow::suspend_credential(*f.house, jan, credential.id, facts).error().code == base::Code::denied);
  CHECK(flow::delete_credential(*f.house, jan, credential.id, facts).error().code == base::Code::denied);
  CHECK(flow::renew_credential(*f.house, jan, credential.id, {}, facts).error().code == base::Code::denied);
  CHECK(flow::request_certificate(*f.house, jan, credential.id, {}, facts).error().code == base::Code::denied);
  CHECK(flow::list_own_credentials(*f.house, jan)->empty());
  CHECK(flow::list_own_credentials(*f.house, f.actor(f.log_in("anna")))->size() == 1);
  CHECK(flow::find_credential(*f.house, f.by, base::Id::make(f.now), f.now).error().code == base::Code::not_found);
}

TEST_CASE("a person with another name renews no certificate by which somebody vouched for the name before") {
  CredentialFixture f;
  const auto before = f.make(f.wish_for("anna"));
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *before.account_id));
    return store::set_names(tx, *account->person_id, "Maria", "Kowalska");
  }));
  const rights::Actor anna = f.actor(f.log_in("anna"));
  CHECK(flow::renew_credential(*f.house, anna, before.id, {}, f.facts()).error().code == base::Code::denied);
  CHECK(f.find(before.id).sha256 == before.sha256);
  const auto vouched = flow::renew_credential(*f.house, f.by, before.id, {}, f.facts());
  REQUIRE_MESSAGE(vouched, base::describe(vouched.error()));
  CHECK(vouched->subject.find("Maria") != std::string::npos);
  CHECK(flow::renew_credential(*f.house, anna, before.id, {}, f.facts()));
}

TEST_CASE("a person renews a certificate no oftener in a day than a person may make some") {
  CredentialFixture f;
  const auto before = f.make(f.wish_for("anna"));
  const rights::Actor anna = f.actor(f.log_in("anna"));
  // Each is a row that stays, and a signature of the authority.
  for (std::int64_t made = 1; made < flow::most_own_certificates; ++made) {
    REQUIRE(flow::renew_credential(*f.house, anna, before.id, {}, f.facts()));
  }
  CHECK(flow::renew_credential(*f.house, anna, before.id, {}, f.facts()).error().code == base::Code::too_many);
  CHECK(flow::renew_credential(*f.house, f.by, before.id, {}, f.facts()));
}

TEST_CASE("a renewed credential has a new key and certificate under the same PIN, and the one before still counts") {
  CredentialFixture f;
  const auto before = f.make(f.wish_for("anna"));
  const rights::Actor anna = f.actor(f.log_in("anna"));
  const auto renewed = flow::renew_credential(*f.house, anna, before.id, {}, f.facts());
  REQUIRE_MESSAGE(renewed, base::describe(renewed.error()));
  CHECK(renewed->sha256 != before.sha256);
  CHECK(renewed->spki != before.spki);
  CHECK(f.sign(anna, f.use_of(*renewed)));
  CHECK(f.refusal(anna, f.use_of(*renewed, "999999")) == base::Code::login_failed);
  const auto issued = f.store->read([&](store::Tx& tx) { return store::find_issued(tx, before.sha256); }).value();
  CHECK_FALSE(issued->revoked_at);
  // Elsewhere's certificate is renewed there, unless an administrator wants ours.
  const auto made = flow::create_credential(*f.house, anna, own_wish(), f.facts());
  REQUIRE(made);
  CHECK(flow::renew_credential(*f.house, anna, made->id, {}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::renew_credential(*f.house, f.by, made->id, {}, f.facts())->status == "active");
}

TEST_CASE("a revoked credential is over for ever: its key is destroyed and its own certificate revoked") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const rights::Actor anna = f.actor(f.log_in("anna"));
  REQUIRE(flow::revoke_credential(*f.house, anna, credential.id, crypto::RevocationReason::key_compromise, f.facts()));
  const auto issued = f.store->read([&](store::Tx& tx) { return store::find_issued(tx, credential.sha256); }).value();
  CHECK(issued->revoked_at);
  const auto secrets = f.store->read([&](store::Tx& tx) { return store::find_signing_secrets(tx, credential.id); });
  REQUIRE(secrets);
  CHECK(secrets->pkcs8.empty());
  const auto again = [&](auto act) { return act(*f.house, anna, credential.id, f.facts()).error().code; };
  CHECK(again(flow::suspend_credential) == base::Code::conflict);
  CHECK(again(flow::restore_credential) == base::Code::conflict);
  CHECK(flow::renew_credential(*f.house, anna, credential.id, {}, f.facts()).error().code == base::Code::conflict);
  CHECK(flow::revoke_credential(*f.house, anna, credential.id, crypto::RevocationReason::unspecified, f.facts())
            .error()
            .code == base::Code::conflict);
  REQUIRE(flow::delete_credential(*f.house, anna, credential.id, f.facts()));
  CHECK(flow::find_credential(*f.house, anna, credential.id, f.now).error().code == base::Code::not_found);
}

TEST_CASE("with an account its credentials go, and their certificates are revoked") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  REQUIRE(flow::delete_account(*f.house, f.by, "anna", f.facts()));
  CHECK_FALSE(f.store->read([&](store::Tx& tx) { return store::find_signing_credential(tx, credential.id); }).value());
  const auto issued = f.store->read([&](store::Tx& tx) { return store::find_issued(tx, credential.sha256); }).value();
  CHECK(issued->revoked_at);
}

TEST_CASE("the owner is warned 30 days, a week and a day before the certificate ends, each time once") {
  CredentialFixture f;
  const auto credential = f.make(f.wish_for("anna"));
  const auto warn = [&] { return flow::send_credential_warnings(*f.house, f.now).value(); };
  CHECK(warn() == 0);
  for (const int days : {29, 6, 1}) {
    f.now = *credential.not_after - 24h * days + 1h;
    CHECK(warn() == 1);
    CHECK(warn() == 0);
    const auto message = f.messages().front();
    CHECK(message.text.find("Signature") != std::string::npos);
  }
  // Who was away gets the nearest one only, and a new certificate begins anew.
  REQUIRE(flow::renew_credential(*f.house, f.by, credential.id, {}, f.facts()));
  CHECK(warn() == 0);
  f.now = *f.find(credential.id).not_after - 12h;
  CHECK(warn() == 1);
  CHECK(warn() == 0);
}

TEST_CASE("an account has a limited number of credentials") {
  CredentialFixture f;
  auto wish = f.wish_for("anna", Activation::password);
  wish.is_issued = false;
  for (std::int64_t i = 0; i < flow::most_credentials; ++i) f.make(wish);
  CHECK(flow::create_credential(*f.house, f.by, wish, f.facts()).error().code == base::Code::too_many);
}

TEST_CASE("without an own authority nothing is issued, and nothing is stored") {
  testing::PersonFixture f;
  f.add_person("anna", "anna@clinic.example");
  const auto made =
      flow::create_credential(*f.house, f.operator_actor(), CredentialFixture::wish_for("anna"), f.facts());
  CHECK(made.error().code == base::Code::conflict);
  CHECK(f.events("credential_change").empty());
}
