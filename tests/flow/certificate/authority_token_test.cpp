// The own authority with its keys on a token of SoftHSM.
#include "flow/certificate/authority_token.hpp"

#include <dlfcn.h>
#include <doctest/doctest.h>

#include <optional>
#include <thread>

#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "flow/certificate/answer_ocsp.hpp"
#include "flow/certificate/authority_fixture.hpp"
#include "flow/login/login_password.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/enrol_certificate.hpp"
#include "flow/system/make_certificate.hpp"
#include "places.hpp"
#include "softhsm.hpp"
#include "unit/token/faults.hpp"

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

/// Whose signatures can be held up, and can fail.
struct OnSlowToken : OnToken {
  OnSlowToken() {
    token::Settings wanted = settings("HSM", "hsm");
    wanted.module = testing::binary_folder + "/tests/libfaulty_token.so";
    void* const library = dlopen(wanted.module.c_str(), RTLD_NOW | RTLD_NODELETE);
    REQUIRE_MESSAGE(library != nullptr, dlerror());
    faults = static_cast<Faults*>(dlsym(library, faults_symbol));
    REQUIRE(faults != nullptr);
    faults->signs = 0;
    faults->holds = false;
    use(wanted);
  }
  OnSlowToken(const OnSlowToken&) = delete;
  OnSlowToken& operator=(const OnSlowToken&) = delete;
  ~OnSlowToken() { release(); }
  void hold() const {
    faults->held = 0;
    faults->holds = true;
  }
  void wait_until_held() const {
    while (faults->held == 0) std::this_thread::yield();
  }
  void release() const { faults->holds = false; }
  Faults* faults = nullptr;
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

TEST_CASE("while the token signs a certificate, others write, and the certificate is recorded once it is signed") {
  OnSlowToken f;
  const store::AuthorityRow row = f.create();
  std::optional<base::Result<flow::IssuedCertificate>> issued;
  f.hold();
  std::thread issuing([&] { issued = f.try_issue(f.wish_for(authority::Profile::client_system)); });
  f.wait_until_held();
  const auto meanwhile =
      f.store->write([&](store::Tx& tx) { return store::mark_authority_changed(tx, row.id, f.now); });
  CHECK(meanwhile);
  CHECK(flow::list_issued_for(*f.house, f.by, "").value().empty());
  f.release();
  issuing.join();
  REQUIRE_MESSAGE(issued->has_value(), base::describe(issued->error()));
  CHECK(is_good(**issued, f.now));
  const auto known = flow::list_issued_for(*f.house, f.by, "").value();
  REQUIRE(known.size() == 1);
  CHECK(known.front().sha256 == (*issued)->sha256);
  CHECK(f.events("certificate_issue").size() == 1);
}

TEST_CASE("a revocation while the token signs the lists is not in them, and the next ones follow at once") {
  OnSlowToken f;
  const store::AuthorityRow row = f.create();
  const auto first = f.issue();
  const auto second = f.issue();
  REQUIRE(f.revoke(first.sha256));
  f.hold();
  std::optional<base::Result<void>> published;
  std::thread publishing([&] { published = flow::publish_changed_lists(*f.house, f.now); });
  f.wait_until_held();
  CHECK(f.revoke(second.sha256));
  f.release();
  publishing.join();
  REQUIRE_MESSAGE(published->has_value(), base::describe(published->error()));
  CHECK(crypto::read_revocation_list(f.list_of(row))->entries == 1);
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  CHECK(crypto::read_revocation_list(f.list_of(row))->entries == 2);
}

TEST_CASE("a token that fails in the middle of an issue leaves nothing issued and nothing recorded") {
  OnSlowToken f;
  f.create();
  f.faults->of_sign = CKR_FUNCTION_FAILED;
  f.faults->signs = 1;
  CHECK(f.try_issue(f.wish_for(authority::Profile::client_system)).error().code == base::Code::unavailable);
  CHECK(flow::list_issued_for(*f.house, f.by, "").value().empty());
  CHECK(f.events("certificate_issue").empty());
  CHECK(f.try_issue(f.wish_for(authority::Profile::client_system)));
}

TEST_CASE("what changes between two runs of an act is signed anew, and an act without end is given up") {
  const auto key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  int signs = 0;
  const crypto::KeyPair::Signer outside = [&](base::BytesView octets) -> base::Result<base::Bytes> {
    ++signs;
    return base::Bytes(octets) + "!";
  };
  std::vector<std::string> texts{"first", "second", "second"};
  std::size_t run = 0;
  const auto done = flow::sign_ahead([&](flow::SignedAhead& ahead) -> base::Result<base::Bytes> {
    CHECK(ahead.serial_for("key") == ahead.serial_for("key"));
    CHECK(ahead.serial_for("key") != ahead.serial_for("another key"));
    return ahead.defer("key", outside)(texts.at(run++));
  });
  CHECK(done.value() == "second!");
  CHECK(signs == 2);
  std::size_t endless = 0;
  const auto never = flow::sign_ahead([&](flow::SignedAhead& ahead) -> base::Result<base::Bytes> {
    return ahead.defer("key", outside)(std::to_string(endless++));
  });
  CHECK(never.error().code == base::Code::unavailable);
  CHECK(endless == flow::most_runs_ahead);
}

TEST_CASE("each way to a certificate works with an authority on a token, and records one certificate") {
  OnToken f;
  f.create();
  REQUIRE(flow::add_system(*f.house, f.by, {"Z1", "Practice", ""}, f.facts()));
  REQUIRE(flow::set_system_password(*f.house, f.by, "Z1", base::Secret("Correct-Horse-7"), f.facts()));
  const base::Bytes request = crypto::make_certificate_request(OnToken::leaf_key(), "Z1").value();
  const auto enrol = [&](const std::string& password) {
    return flow::enrol_by_password(*f.house, {"Z1", base::Secret(password), request}, f.facts());
  };
  CHECK(enrol("wrong").error().code == base::Code::login_failed);
  CHECK(f.events("login").size() == 1);  // a refusal is counted once
  const auto enrolled = enrol("Correct-Horse-7");
  REQUIRE_MESSAGE(enrolled, base::describe(enrolled.error()));
  CHECK(is_good(*enrolled, f.now));
  CHECK(flow::enrol_again(*f.house, {enrolled->der, request}, f.facts()));
  const auto zip = flow::issue_system_certificate(*f.house, f.by, {"Z1"}, f.facts());
  CHECK_MESSAGE(zip, base::describe(zip.error()));
  flow::CommandWish server;
  server.common_name = "id.example";
  server.dns_names = {"id.example"};
  CHECK(flow::issue_by_command(*f.house, f.by, server, f.facts()));
  CHECK(f.events("certificate_issue").size() == 4);
  CHECK(flow::list_issued_for(*f.house, f.by, "").value().size() == 4);
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

TEST_CASE("a token does not open when the event about it cannot be written") {
  OnToken f;
  f.create();
  f.use(f.settings("HSM", "hsm"));
  f.add_account("root", "Meadow-Violet-2026", {"super_administrator"});
  const auto login = flow::login_password(*f.house, {"root", base::Secret("Meadow-Violet-2026")}, f.facts());
  REQUIRE(login);
  const auto visitor = flow::find_visitor(*f.house, std::string(login->session_cookie.reveal()), f.facts());
  REQUIRE(visitor.value().actor);
  const auto unlock = [&] {
    return flow::unlock_authority_token(*f.house, *visitor->actor, "hsm", base::Secret(testing::SoftHsm::pin),
                                        f.facts());
  };
  f.now += 24h * 30;  // the session is over
  CHECK(unlock().error().code == base::Code::denied);
  CHECK(f.tokens->find("hsm")->kept_pin().empty());
  f.now -= 24h * 30;
  REQUIRE(unlock());
  CHECK_FALSE(f.tokens->find("hsm")->kept_pin().empty());
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
