#include "flow/login/login_certificate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "crypto/certificate/certificate.hpp"
#include "flow/account/own_data.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/certificate/trust_anchors.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/named_person_pem.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/certificate_handoff.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/proof/proof_methods.hpp"
#include "flow/proof/proof_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/account/contexts.hpp"
#include "store/engine/store.hpp"

using namespace std::chrono_literals;
using flow::CertificateErrand;
using flow::CertificateUse;

namespace {

constexpr base::Duration day = std::chrono::hours(24);

struct Door : testing::PersonFixture {
  Door() {
    settings.site.issuer = "https://login.clinic.example";
    settings.proof.certificate_origin = "https://login.clinic.example:9444";
    anna = add_person("anna", "anna@clinic.example");
    REQUIRE(flow::create_authority(*house, operator_actor(), {}, facts()));
    certificate = issue(authority::Profile::person_login);
    enrol(certificate);
  }

  base::Bytes issue(authority::Profile profile, base::Duration validity = {}) {
    flow::CommandWish wish;
    wish.profile = profile;
    wish.account = profile == authority::Profile::person_login ? "anna" : "";
    wish.common_name = "Anna Kowalska";
    if (profile == authority::Profile::tls_server) wish.dns_names = {"anna.clinic.example"};
    wish.validity = validity;
    const auto made = flow::issue_by_command(*house, operator_actor(), wish, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return made->issued.der;
  }
  /// Unless issuing has registered it already.
  void enrol(const base::Bytes& der) {
    const rights::Actor by = actor(log_in("anna"));
    const auto data = flow::read_own_data(*house, by, now).value();
    for (const auto& one : data.certificates) {
      if (one.der == der) return;
    }
    REQUIRE(flow::add_own_certificate(*house, by, der, facts()).value().empty());
  }
  [[nodiscard]] std::string fingerprint() const { return crypto::parse_certificate(certificate).value().fingerprint; }
  [[nodiscard]] base::Secret present(const CertificateErrand& errand, base::BytesView der) const {
    const std::string address = flow::return_url(*house, errand, der, now);
    return base::Secret(address.substr(address.rfind('=') + 1));
  }
  base::Result<flow::LoginDone> send(const base::Secret& presented, const base::Id& at) {
    return flow::login_certificate(*house, {presented, at}, facts());
  }
  base::Result<flow::LoginDone> log_in_with(base::BytesView der) {
    return send(present({CertificateUse::login, attempt, {}}, der), attempt);
  }
  /// The reason of the refusal in the audit log.
  std::string reason_of(base::BytesView der) {
    const auto done = log_in_with(der);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == base::Code::login_failed);
    now += 1s;
    return events("login").front().data;
  }
  bool is_refused_for(base::BytesView der, std::string_view reason) {
    const std::string data = reason_of(der);
    INFO(data);
    return data.find("\"" + std::string(reason) + "\"") != std::string::npos;
  }

  base::Id anna;
  base::Bytes certificate;
  base::Id attempt = base::Id::make(now);
};

}  // namespace

TEST_CASE("a registered certificate of the own authority logs its owner in without a password, phishing-resistant") {
  Door f;
  const auto done = f.log_in_with(f.certificate);
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  const rights::Actor by = f.actor(std::string(done->session_cookie.reveal()));
  CHECK(by.account().id == f.anna);
  CHECK(by.session().proofs.level() == 3);
  CHECK(by.session().proofs.first_method() == "certificate");
  CHECK(by.session().proofs.to_amr() == "swk");
  CHECK(f.events("login").front().data.find(R"("method":"certificate")") != std::string::npos);
}

TEST_CASE("what was presented is of use once, within a minute, in the login for which it was") {
  Door f;
  const CertificateErrand login{CertificateUse::login, f.attempt, {}};
  const base::Secret once = f.present(login, f.certificate);
  CHECK(f.send(once, f.attempt));
  CHECK(f.send(once, f.attempt).error().code == base::Code::login_failed);
  const base::Secret other = f.present({CertificateUse::login, base::Id::make(f.now), {}}, f.certificate);
  CHECK(f.send(other, f.attempt).error().code == base::Code::login_failed);
  const base::Secret for_proof = f.present({CertificateUse::proof, f.attempt, {}}, f.certificate);
  CHECK(f.send(for_proof, f.attempt).error().code == base::Code::login_failed);
  const base::Secret late = f.present(login, f.certificate);
  f.now += 1min;
  CHECK(f.send(late, f.attempt).error().code == base::Code::login_failed);
  CHECK(f.events("login").front().data.find("certificate_late") != std::string::npos);
}

TEST_CASE("no certificate, none at all and one that nobody registered fail like a wrong password") {
  Door f;
  CHECK(f.is_refused_for("", "certificate_none"));
  CHECK(f.is_refused_for("no certificate", "certificate_broken"));
  CHECK(f.is_refused_for(f.issue(authority::Profile::client_system), "certificate_usage"));
}

TEST_CASE("a certificate of an authority that nobody trusts opens nothing, although it is registered") {
  Door f;
  const rights::Actor by = f.actor(f.log_in("anna"));
  const base::Secret shown = f.present({CertificateUse::enrolment, by.session().id, {}},
                                       crypto::parse_certificate(certificate_pem).value().der);
  REQUIRE(flow::add_presented_certificate(*f.house, by, shown, f.facts()).value().empty());
  base::Bytes der;
  const auto data_of_owner = flow::read_own_data(*f.house, by, f.now).value();
  for (const auto& one : data_of_owner.certificates) {
    if (one.subject.find("dling") != std::string::npos) der = one.der;
  }
  REQUIRE_FALSE(der.empty());
  const std::string data = f.reason_of(der);
  CHECK(data.find("certificate_") != std::string::npos);
}

TEST_CASE("expired, not valid yet, revoked and removed certificates fail, and only the audit log says why") {
  SUBCASE("expired") {
    Door f;
    const base::Bytes brief = f.issue(authority::Profile::person_login, day);
    f.now += 2 * day;
    CHECK(f.is_refused_for(brief, "certificate_expired"));
  }
  SUBCASE("not valid yet") {
    Door f;
    f.now += 2 * day;
    const base::Bytes later = f.issue(authority::Profile::person_login);
    f.now -= day;
    CHECK(f.is_refused_for(later, "certificate_early"));
  }
  SUBCASE("revoked") {
    Door f;
    REQUIRE(flow::revoke_named_certificate(*f.house, f.operator_actor(), f.fingerprint(),
                                           crypto::RevocationReason::key_compromise, f.facts()));
    CHECK(f.is_refused_for(f.certificate, "certificate_revoked"));
  }
  SUBCASE("removed") {
    Door f;
    REQUIRE(flow::remove_own_certificate(*f.house, f.actor(f.log_in("anna")), f.fingerprint(), f.facts()));
    CHECK(f.is_refused_for(f.certificate, "unknown_login"));
  }
}

TEST_CASE("a suspended account is not opened by its certificate") {
  Door f;
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return store::set_account_status(tx, f.anna, identity::AccountStatus::suspended_admin, f.now, std::nullopt);
  }));
  CHECK(f.is_refused_for(f.certificate, "suspended"));
}

TEST_CASE("failures with a registered certificate lock its account, for the password as well") {
  Door f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  const base::Bytes brief = f.issue(authority::Profile::person_login, day);
  f.enrol(brief);
  f.now += 2 * day;
  for (int i = 0; i < 5; ++i) CHECK_FALSE(f.log_in_with(brief));
  const auto by_password = flow::login_password(*f.house, {"anna", base::Secret(f.password)}, f.facts());
  CHECK(by_password.error().code == base::Code::login_failed);
  CHECK(f.is_refused_for(f.certificate, "locked"));
}

TEST_CASE("a context that asks for a password is not offered after a login by certificate") {
  Door f;
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto contexts, store::list_contexts(tx, f.anna, f.now));
    for (rights::ActingContext& one : contexts) {
      one.methods = {"password"};
      ASSIGN_OR_RETURN(const bool is_changed, store::update_context(tx, one));
      CHECK(is_changed);
    }
    return {};
  }));
  CHECK(f.is_refused_for(f.certificate, "no_context"));
}

TEST_CASE("a certificate proves again who one is, in its session only") {
  Door f;
  const rights::Actor by = f.actor(f.log_in("anna"));
  const auto prove = [&](const base::Id& session, base::BytesView der) {
    base::Secret presented = f.present({CertificateUse::proof, session, {}}, der);
    return flow::prove_again(*f.house, by, {rights::ProofMethod::certificate, presented, by.session().id}, f.facts());
  };
  const auto methods = flow::list_proof_methods(*f.house, by, f.now).value();
  CHECK(std::find(methods.begin(), methods.end(), rights::ProofMethod::certificate) != methods.end());
  CHECK(prove(base::Id::make(f.now), f.certificate).error().code == base::Code::login_failed);
  CHECK(prove(by.session().id, "").error().code == base::Code::login_failed);
  CHECK(prove(by.session().id, f.certificate));
}

TEST_CASE("nobody proves who he is with the certificate of somebody else") {
  Door f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  base::Secret presented = f.present({CertificateUse::proof, jan.session().id, {}}, f.certificate);
  const auto proven =
      flow::prove_again(*f.house, jan, {rights::ProofMethod::certificate, presented, jan.session().id}, f.facts());
  CHECK(proven.error().code == base::Code::login_failed);
  CHECK(f.events("proof").front().data.find("certificate_foreign") != std::string::npos);
}

TEST_CASE("a certificate that the browser presented is registered as proven, once, and only in its session") {
  Door f;
  const rights::Actor by = f.actor(f.log_in("anna"));
  const base::Bytes another = f.issue(authority::Profile::client_system);
  const CertificateErrand errand{CertificateUse::enrolment, by.session().id, {}};
  const base::Secret presented = f.present(errand, another);
  CHECK(flow::read_presented_certificate(*f.house, by, presented, f.facts()).value().flaw.empty());
  CHECK(flow::read_presented_certificate(*f.house, by, base::Secret(), f.facts()).value().flaw ==
        "own.flaw.certificate_none");
  CHECK(flow::add_presented_certificate(*f.house, by, presented, f.facts()).value().empty());
  CHECK(flow::add_presented_certificate(*f.house, by, presented, f.facts()).value() == "own.flaw.certificate_late");
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  CHECK(flow::add_presented_certificate(*f.house, jan, presented, f.facts()).value() == "own.flaw.certificate_late");
}

TEST_CASE("a certificate that somebody has only uploaded opens no login, and is no way to prove it again") {
  Door f;
  const rights::Actor by = f.actor(f.log_in("anna"));
  REQUIRE(flow::remove_own_certificate(*f.house, by, f.fingerprint(), f.facts()));
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  REQUIRE(flow::add_own_certificate(*f.house, jan, f.certificate, f.facts()).value().empty());
  CHECK(f.is_refused_for(f.certificate, "unknown_login"));
  const auto data = flow::read_own_data(*f.house, jan, f.now).value();
  REQUIRE(data.certificates.size() == 1);
  CHECK_FALSE(data.certificates.front().is_proven);
  CHECK(data.untrusted.empty());
  const auto methods = flow::list_proof_methods(*f.house, jan, f.now).value();
  CHECK(std::find(methods.begin(), methods.end(), rights::ProofMethod::certificate) == methods.end());
}

TEST_CASE("who shows the key of a certificate takes it over from an account that has only uploaded it") {
  Door f;
  const rights::Actor by = f.actor(f.log_in("anna"));
  REQUIRE(flow::remove_own_certificate(*f.house, by, f.fingerprint(), f.facts()));
  const base::Id jans = f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  REQUIRE(flow::add_own_certificate(*f.house, jan, f.certificate, f.facts()).value().empty());
  const base::Secret shown = f.present({CertificateUse::enrolment, by.session().id, {}}, f.certificate);
  CHECK(flow::add_presented_certificate(*f.house, by, shown, f.facts()).value().empty());
  CHECK(flow::read_own_data(*f.house, jan, f.now)->certificates.empty());
  CHECK(flow::read_own_data(*f.house, by, f.now)->certificates.front().is_proven);
  const auto events = f.events("account_change");
  const auto taken = std::find_if(events.begin(), events.end(), [](const audit::Event& one) {
    return one.data.find("taken_over") != std::string::npos;
  });
  REQUIRE(taken != events.end());
  CHECK(taken->subject == jans);
  CHECK(taken->data.find(f.fingerprint()) != std::string::npos);
  CHECK(f.log_in_with(f.certificate));
  // Nobody takes a proven one.
  const base::Secret again = f.present({CertificateUse::enrolment, jan.session().id, {}}, f.certificate);
  CHECK(flow::add_presented_certificate(*f.house, jan, again, f.facts()).value() == "identifier.certificate.taken");
}

TEST_CASE("a file is proven later by showing it, and one that the own authority issued for the account at once") {
  Door f;
  const rights::Actor by = f.actor(f.log_in("anna"));
  REQUIRE(flow::remove_own_certificate(*f.house, by, f.fingerprint(), f.facts()));
  REQUIRE(flow::add_own_certificate(*f.house, by, f.certificate, f.facts()).value().empty());
  CHECK(f.log_in_with(f.certificate));
  REQUIRE(flow::add_own_certificate(*f.house, by, certificate_pem, f.facts()).value().empty());
  const base::Bytes der = crypto::parse_certificate(certificate_pem).value().der;
  const auto is_proven = [&] {
    const auto data = flow::read_own_data(*f.house, by, f.now).value();
    const auto found = std::find_if(data.certificates.begin(), data.certificates.end(),
                                    [&](const flow::Certificate& one) { return one.der == der; });
    REQUIRE(found != data.certificates.end());
    return found->is_proven;
  };
  CHECK_FALSE(is_proven());
  const base::Secret shown = f.present({CertificateUse::enrolment, by.session().id, {}}, der);
  CHECK(flow::add_presented_certificate(*f.house, by, shown, f.facts()).value().empty());
  CHECK(is_proven());
}

TEST_CASE("seven posts of one form at once are one login or one failure, and lock nobody out") {
  Door f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  const auto post_seven = [&](const base::Bytes& der) {
    const base::Secret shown = f.present({CertificateUse::login, f.attempt, {}}, der);
    std::atomic<int> logins = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 7; ++i) {
      threads.emplace_back([&] {
        if (f.send(shown, f.attempt)) ++logins;
      });
    }
    for (auto& thread : threads) thread.join();
    return logins.load();
  };
  SUBCASE("of a good certificate") {
    CHECK(post_seven(f.certificate) == 1);
    CHECK(f.account(f.anna).failures == 0);
  }
  SUBCASE("of a refused certificate") {
    const base::Bytes brief = f.issue(authority::Profile::person_login, day);
    f.now += 2 * day;
    CHECK(post_seven(brief) == 0);
    CHECK(f.account(f.anna).failures == 1);
  }
  CHECK_FALSE(f.account(f.anna).locked_until);
  CHECK(f.events("lockout").empty());
  CHECK(flow::login_password(*f.house, {"anna", base::Secret(f.password)}, f.facts()));
}

TEST_CASE("a certificate that comes too late, and none at all, are no failures of the account that proves it again") {
  Door f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  const rights::Actor by = f.actor(f.log_in("anna"));
  const base::Secret late = f.present({CertificateUse::proof, by.session().id, {}}, f.certificate);
  f.now += 2min;
  const auto prove = [&](const base::Secret& presented) {
    return flow::prove_again(*f.house, by, {rights::ProofMethod::certificate, presented, by.session().id}, f.facts());
  };
  for (int i = 0; i < 7; ++i) {
    CHECK(prove(late).error().code == base::Code::login_failed);
    CHECK(prove(base::Secret()).error().code == base::Code::login_failed);
  }
  CHECK(f.account(f.anna).failures == 0);
  CHECK(f.events("proof").front().outcome == "failure");
  f.now += 1s;
  CHECK(prove(f.present({CertificateUse::proof, by.session().id, {}}, f.certificate)));
}

TEST_CASE("the authority of one organisation locks out nobody of another one, whatever number it writes") {
  Door f;
  f.settings.lockout.form = flow::LockoutForm::classic;
  f.now += 14 * day;
  REQUIRE(flow::create_tenant(*f.house, f.operator_actor(), {"other", ""}, {.name = "Other clinic"}, f.facts()));
  flow::NewAccount wished = f.wish("maria");
  wished.email = "maria@clinic.example";
  wished.identifiers = {{"pesel", "44051401359"}};
  const base::Id maria = f.create(wished);
  flow::AnchorWish anchor;
  anchor.certificate = naming_authority_pem;
  anchor.tenant = "other";
  anchor.asks = trust::Asks::none;
  anchor.matching = "pesel";
  REQUIRE(flow::add_trust_anchor(*f.house, f.operator_actor(), anchor, f.facts()));
  const base::Bytes der = crypto::parse_certificate(named_person_pem).value().der;
  for (int i = 0; i < 7; ++i) CHECK(f.is_refused_for(der, "certificate_foreign"));
  CHECK(f.account(maria).failures == 0);
  CHECK_FALSE(f.account(maria).locked_until);
}
