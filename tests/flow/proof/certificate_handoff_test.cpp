#include "flow/proof/certificate_handoff.hpp"

#include <doctest/doctest.h>

#include "flow/house/site_settings.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/proof_settings.hpp"
#include "store/engine/store.hpp"

using namespace std::chrono_literals;
using flow::CertificateErrand;
using flow::CertificateUse;

namespace {

struct Handoff : testing::PersonFixture {
  Handoff() {
    settings.site.issuer = "https://login.clinic.example";
    settings.proof.certificate_origin = "https://login.clinic.example:9444";
    attempt = base::Id::make(now);
  }
  [[nodiscard]] static std::string value_of(const std::string& address, std::string_view name) {
    const std::size_t at = address.find(name);
    REQUIRE(at != std::string::npos);
    return address.substr(at + name.size());
  }
  [[nodiscard]] std::string errand_text(const CertificateErrand& errand) const {
    return value_of(flow::presentation_url(*house, errand, now), "errand=");
  }
  [[nodiscard]] base::Secret presented(const CertificateErrand& errand, std::string_view der = "octets") const {
    return base::Secret(value_of(flow::return_url(*house, errand, der, now), "certificate="));
  }
  [[nodiscard]] bool opens(const CertificateErrand& errand, const base::Secret& secret) const {
    return flow::open_presented(*house, errand, secret, now).has_value();
  }

  base::Id attempt;
};

}  // namespace

TEST_CASE("an errand comes back as it was sent, and leads to the listener for certificates") {
  Handoff f;
  const CertificateErrand errand{CertificateUse::proof, f.attempt, "/account/data?change=certificate"};
  const std::string address = flow::presentation_url(*f.house, errand, f.now);
  CHECK(address.starts_with("https://login.clinic.example:9444/login/certificate/present?errand="));
  const auto opened = flow::open_errand(*f.house, f.errand_text(errand), f.now);
  REQUIRE(opened);
  CHECK(opened->use == CertificateUse::proof);
  CHECK(opened->bound_to == f.attempt);
  CHECK(opened->next == "/account/data?change=certificate");
}

TEST_CASE("without a listener for certificates nobody is sent to one") {
  Handoff f;
  f.settings.proof.certificate_origin.clear();
  CHECK(flow::presentation_url(*f.house, {CertificateUse::login, f.attempt, {}}, f.now).empty());
}

TEST_CASE("an errand that was altered, made elsewhere or is half an hour old is refused") {
  Handoff f;
  std::string text = f.errand_text({CertificateUse::login, f.attempt, {}});
  CHECK(flow::open_errand(*f.house, text, f.now));
  CHECK(flow::open_errand(*f.house, text, f.now + 29min));
  CHECK(flow::open_errand(*f.house, text, f.now + 30min).error().code == base::Code::expired);
  for (const std::string_view other : {"", "AAAA", "%%%", "presented"}) {
    CHECK(flow::open_errand(*f.house, other, f.now).error().code == base::Code::invalid_input);
  }
  text[text.size() / 2] = text[text.size() / 2] == 'A' ? 'B' : 'A';
  CHECK(flow::open_errand(*f.house, text, f.now).error().code == base::Code::invalid_input);
}

TEST_CASE("the page that waits is always one of the issuer, whatever page was wished") {
  Handoff f;
  for (const CertificateUse use : {CertificateUse::login, CertificateUse::proof, CertificateUse::enrolment}) {
    const std::string address =
        flow::return_url(*f.house, {use, f.attempt, "//attacker.example/?x=1&y"}, "octets", f.now);
    CHECK(address.starts_with("https://login.clinic.example/"));
    CHECK(address.find("//attacker") == std::string::npos);
    CHECK(address.find("certificate=") != std::string::npos);
  }
}

TEST_CASE("what was handed over counts for one use, in one login or session, for a minute") {
  Handoff f;
  const CertificateErrand login{CertificateUse::login, f.attempt, {}};
  const base::Secret secret = f.presented(login);
  CHECK(flow::open_presented(*f.house, login, secret, f.now).value().der == "octets");
  CHECK_FALSE(f.opens({CertificateUse::proof, f.attempt, {}}, secret));
  CHECK_FALSE(f.opens({CertificateUse::enrolment, f.attempt, {}}, secret));
  CHECK_FALSE(f.opens({CertificateUse::login, base::Id::make(f.now), {}}, secret));
  CHECK_FALSE(f.opens(login, base::Secret("")));
  CHECK_FALSE(f.opens(login, base::Secret(f.errand_text(login))));
  f.now += 59s;
  CHECK(f.opens(login, secret));
  f.now += 1s;
  CHECK_FALSE(f.opens(login, secret));
}

TEST_CASE("a node whose clock is a little behind takes what another node has just handed over") {
  Handoff f;
  const CertificateErrand login{CertificateUse::login, f.attempt, {}};
  const base::Secret secret = f.presented(login);
  f.now -= 4s;
  CHECK(f.opens(login, secret));
  f.now -= 10s;
  CHECK_FALSE(f.opens(login, secret));
}

TEST_CASE("no certificate, and one that is too large for an address, are handed over as none") {
  Handoff f;
  const CertificateErrand login{CertificateUse::login, f.attempt, {}};
  CHECK(flow::return_url(*f.house, login, "", f.now).ends_with("&certificate="));
  CHECK(flow::return_url(*f.house, login, std::string(flow::largest_presented + 1, 'x'), f.now)
            .ends_with("&certificate="));
  CHECK_FALSE(
      flow::return_url(*f.house, login, std::string(flow::largest_presented, 'x'), f.now).ends_with("&certificate="));
}

TEST_CASE("what was handed over is taken once") {
  Handoff f;
  const base::Id anna = f.add_person("anna", "anna@clinic.example");
  const identity::Account account = f.account(anna);
  const CertificateErrand login{CertificateUse::login, f.attempt, {}};
  const auto opened = flow::open_presented(*f.house, login, f.presented(login), f.now).value();
  const auto take = [&] {
    return f.store->write([&](store::Tx& tx) { return flow::take_presented(tx, account, opened.number, f.now); })
        .value();
  };
  CHECK(take());
  CHECK_FALSE(take());
}
