#include "crypto/certificate/ocsp.hpp"

#include <doctest/doctest.h>

#include "unit/crypto/certificate/issuing.hpp"

using testing::a_day;
using testing::key_of;
using testing::noon;
using testing::SmallAuthority;

namespace {

struct Fixture : SmallAuthority {
  base::Bytes leaf = issue(leaf_template(key_of(crypto::KeyKind::rsa_2048)));
  base::Bytes responder;
  crypto::OcspTimes times{noon, noon + std::chrono::minutes(10)};

  Fixture() {
    auto wanted = leaf_template(key_of(crypto::KeyKind::ec_p256));
    wanted.extended_uses = {crypto::ExtendedUse::ocsp_signing};
    wanted.has_no_check = true;
    responder = issue(wanted);
  }
  [[nodiscard]] base::Bytes answer(const crypto::OcspAnswer& one) const {
    const auto request = crypto::OcspRequest::parse(crypto::make_ocsp_request(leaf, issuing).value()).value();
    return crypto::answer_ocsp(request, {one}, times, {responder, key_of(crypto::KeyKind::ec_p256)}).value();
  }
};

}  // namespace

TEST_CASE("a question names the issuer and the serial number") {
  const Fixture f;
  const Fixture other;
  const auto request = crypto::OcspRequest::parse(crypto::make_ocsp_request(f.leaf, f.issuing).value());
  REQUIRE(request);
  CHECK(request->count() == 1);
  CHECK(request->serial(0) == crypto::parse_certificate(f.leaf)->serial);
  CHECK(request->is_about(0, f.issuing));
  // The names are the same, the keys are not.
  CHECK_FALSE(request->is_about(0, other.issuing));
  CHECK_FALSE(request->is_about(0, f.root));
  CHECK_FALSE(request->has_nonce());
}

TEST_CASE("the answer of a delegated responder counts: good, revoked, unknown") {
  const Fixture f;
  const auto read = [&](const crypto::OcspAnswer& one) {
    return crypto::read_ocsp_answer(f.answer(one), f.leaf, f.issuing, noon);
  };
  CHECK(read({crypto::OcspStatus::good})->status == crypto::OcspStatus::good);
  CHECK(read({crypto::OcspStatus::unknown})->status == crypto::OcspStatus::unknown);
  for (const crypto::RevocationReason reason : crypto::all_revocation_reasons) {
    const auto revoked = read({crypto::OcspStatus::revoked, noon - a_day, reason});
    CHECK(revoked->status == crypto::OcspStatus::revoked);
    CHECK(revoked->revoked_at == noon - a_day);
  }
}

TEST_CASE("an answer of another authority, without delegation, out of time or altered is refused") {
  const Fixture f;
  const Fixture other;
  const base::Bytes good = f.answer({crypto::OcspStatus::good});
  CHECK_FALSE(crypto::read_ocsp_answer(good, f.leaf, other.issuing, noon));
  CHECK_FALSE(crypto::read_ocsp_answer(good, f.issuing, f.root, noon));
  CHECK_FALSE(crypto::read_ocsp_answer(good, f.leaf, f.issuing, noon + std::chrono::hours(1)));
  CHECK_FALSE(crypto::read_ocsp_answer(good, f.leaf, f.issuing, noon - std::chrono::hours(1)));
  CHECK_FALSE(crypto::read_ocsp_answer("", f.leaf, f.issuing, noon));
  CHECK_FALSE(
      crypto::read_ocsp_answer(crypto::refuse_ocsp(crypto::OcspRefusal::unauthorized), f.leaf, f.issuing, noon));
  for (std::size_t i = 0; i < good.size(); i += 11) {
    base::Bytes altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CAPTURE(i);
    const auto read = crypto::read_ocsp_answer(altered, f.leaf, f.issuing, noon);
    CHECK((!read || read->status == crypto::OcspStatus::good));
  }
  // A certificate for clients is no responder.
  const base::Bytes client = f.issue(Fixture::leaf_template(key_of(crypto::KeyKind::ec_p256)));
  const auto request = crypto::OcspRequest::parse(crypto::make_ocsp_request(f.leaf, f.issuing).value()).value();
  const auto forged =
      crypto::answer_ocsp(request, {{crypto::OcspStatus::good}}, f.times, {client, key_of(crypto::KeyKind::ec_p256)});
  CHECK_FALSE(crypto::read_ocsp_answer(*forged, f.leaf, f.issuing, noon));
}

TEST_CASE("a request that is cut off, empty, too large or has octets behind it is refused") {
  const Fixture f;
  const base::Bytes good = crypto::make_ocsp_request(f.leaf, f.issuing).value();
  for (std::size_t size = 0; size < good.size(); ++size) CHECK_FALSE(crypto::OcspRequest::parse(good.substr(0, size)));
  CHECK_FALSE(crypto::OcspRequest::parse(good + "x"));
  CHECK_FALSE(crypto::OcspRequest::parse(std::string(crypto::largest_ocsp_request + 1, '0')));
}
