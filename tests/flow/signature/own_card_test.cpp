// Signing in two steps with a key that is not held here: the octets to be signed go out, the value comes back.
#include <doctest/doctest.h>

#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/signing/soft_key.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/signature/job_fixture.hpp"

using flow::Format;
using flow::Packaging;
using testing::JobFixture;
using namespace std::chrono_literals;

namespace {

/// A card of the caller's.
struct Card {
  crypto::SoftKey key;
  base::Bytes certificate;

  explicit Card(base::Time now, crypto::SoftKeyKind kind = crypto::SoftKeyKind::ec_p256,
                base::Duration lasts = std::chrono::hours(240))
      : key(crypto::SoftKey::generate(kind).value()) {
    const auto authority = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
    crypto::CertificateTemplate wanted;
    wanted.serial = crypto::make_serial();
    wanted.common_name = "Elsewhere";
    wanted.not_before = now - 24h;
    wanted.not_after = now + 24h * 400;
    wanted.is_authority = true;
    wanted.key_uses = {crypto::KeyUse::sign_certificates};
    const base::Bytes root = crypto::issue_root(wanted, authority).value();
    wanted.is_authority = false;
    wanted.serial = crypto::make_serial();
    wanted.common_name = "Anna";
    wanted.not_after = now + lasts;
    wanted.key_uses = {crypto::KeyUse::non_repudiation};
    wanted.public_key = key.public_key();
    certificate = crypto::issue(wanted, {root, authority}).value();
  }
  [[nodiscard]] base::Bytes sign(crypto::SignatureAlgorithm algorithm, const base::Bytes& octets) const {
    return key.sign(algorithm, octets).value();
  }
};

flow::JobWish wish_with(const Card& card, Format format = Format::cades, Packaging packaging = Packaging::detached) {
  flow::JobWish wish;
  wish.certificate = card.certificate;
  wish.format = format;
  wish.packaging = packaging;
  return wish;
}

flow::JobAnswer prepare(JobFixture& f, const flow::JobWish& wish) {
  const auto answer = flow::prepare_signature(*f.house, f.user(), wish, f.facts());
  REQUIRE_MESSAGE(answer, base::describe(answer.error()));
  return *answer;
}

flow::JobAnswer complete(JobFixture& f, const base::Id& job, std::vector<base::Bytes> values) {
  flow::JobOrder order = f.order("");
  order.job_id = job;
  order.values = std::move(values);
  const auto answer = flow::complete_signature(*f.house, f.user(), order, f.facts());
  REQUIRE_MESSAGE(answer, base::describe(answer.error()));
  return *answer;
}

}  // namespace

TEST_CASE("a card of the caller signs in two steps, whichever form its value has") {
  JobFixture f;
  for (const crypto::SoftKeyKind kind :
       {crypto::SoftKeyKind::ec_p256, crypto::SoftKeyKind::brainpool_p384, crypto::SoftKeyKind::rsa_2048}) {
    const Card card(f.now, kind);
    CAPTURE(crypto::name_of(kind));
    for (const bool is_raw : {false, true}) {
      for (const Format format : {Format::cades, Format::xades}) {
        flow::JobWish wish =
            wish_with(card, format, format == Format::cades ? Packaging::detached : Packaging::enveloped);
        f.add(wish, "order.xml", f.xml);
        const auto prepared = prepare(f, wish);
        REQUIRE_FALSE(prepared.refusal);
        REQUIRE(prepared.to_be_signed.size() == 1);
        const auto algorithm = prepared.job->algorithm;
        base::Bytes value = card.sign(algorithm, prepared.to_be_signed[0]);
        if (is_raw && algorithm.scheme == crypto::SignatureScheme::ecdsa) {
          value = crypto::convert_value(card.key.public_key(), value, crypto::ValueForm::der, crypto::ValueForm::raw)
                      .value();
        }
        const auto done = complete(f, prepared.job->id, {value});
        REQUIRE_FALSE(done.refusal);
        CHECK(done.job->state == "done");
        const std::string made = f.result(*done.job);
        CHECK((format == Format::cades ? f.is_right(made, f.xml) : f.is_right_xml(made)));
      }
    }
  }
  CHECK(f.events("key_use").empty());
  CHECK(f.events("document_sign").size() == 12);
}

TEST_CASE("a value of another key, over other octets, or too few values complete nothing") {
  JobFixture f;
  const Card card(f.now);
  const Card other(f.now);
  flow::JobWish wish = wish_with(card);
  f.add(wish, "a.txt", "a");
  f.add(wish, "b.txt", "b");
  const auto prepared = prepare(f, wish);
  const auto& octets = prepared.to_be_signed;
  REQUIRE(octets.size() == 2);
  const auto algorithm = prepared.job->algorithm;
  const base::Bytes right = card.sign(algorithm, octets[0]);
  const auto refused = [&](std::vector<base::Bytes> values) {
    const auto answer = complete(f, prepared.job->id, std::move(values));
    CHECK(answer.job->count("waiting") == 2);
    return answer.refusal;
  };
  CHECK(refused({}) == flow::SignRefusal::value_count);
  CHECK(refused({right}) == flow::SignRefusal::value_count);
  CHECK(refused({right, right}) == flow::SignRefusal::wrong_value);
  CHECK(refused({right, other.sign(algorithm, octets[1])}) == flow::SignRefusal::wrong_value);
  CHECK(refused({right, "garbage"}) == flow::SignRefusal::wrong_value);
  CHECK(f.events("document_sign").empty());
  const auto done = complete(f, prepared.job->id, {right, card.sign(algorithm, octets[1])});
  CHECK(done.job->state == "done");
  CHECK(complete(f, prepared.job->id, {right, right}).refusal == flow::SignRefusal::job_over);
}

TEST_CASE("an account that is suspended between the two steps gets no signature") {
  JobFixture f;
  const Card card(f.now);
  flow::JobWish wish = wish_with(card);
  f.add(wish, "a.txt", "a");
  const auto prepared = prepare(f, wish);
  const base::Bytes value = card.sign(prepared.job->algorithm, prepared.to_be_signed[0]);
  REQUIRE(flow::suspend_account(*f.house, f.by, "anna", f.facts()));
  CHECK(complete(f, prepared.job->id, {value}).refusal == flow::SignRefusal::forbidden);
  const flow::KeyUser token = flow::AccountByToken{f.anna};
  flow::JobOrder order = f.order("");
  order.job_id = prepared.job->id;
  order.values = {value};
  const auto by_token = flow::complete_signature(*f.house, token, order, f.facts());
  REQUIRE(by_token);
  CHECK(by_token->refusal == flow::SignRefusal::forbidden);
  CHECK(f.events("document_sign").empty());
}

TEST_CASE("a certificate that does not count any more completes nothing, and one that is none begins nothing") {
  JobFixture f;
  const Card card(f.now, crypto::SoftKeyKind::ec_p256, 10min);
  flow::JobWish wish = wish_with(card);
  f.add(wish, "a.txt", "a");
  const auto prepared = prepare(f, wish);
  const base::Bytes value = card.sign(prepared.job->algorithm, prepared.to_be_signed[0]);
  f.now += 11min;
  CHECK(complete(f, prepared.job->id, {value}).refusal == flow::SignRefusal::certificate_expired);
  CHECK(prepare(f, wish).refusal == flow::SignRefusal::certificate_expired);
  wish.certificate = "garbage";
  CHECK(prepare(f, wish).refusal == flow::SignRefusal::certificate_wrong);
  wish.certificate = f.credential.certificate;
  wish.chain = {"garbage"};
  CHECK(prepare(f, wish).refusal == flow::SignRefusal::certificate_wrong);
}

TEST_CASE("both steps can be taken in two processes") {
  JobFixture f;
  const Card card(f.now);
  flow::JobWish wish = wish_with(card, Format::cades, Packaging::enveloping);
  f.add(wish, "a.txt", "inside");
  const auto prepared = prepare(f, wish);
  f.begin_process();
  f.now += 5min;
  const auto done = complete(f, prepared.job->id, {card.sign(prepared.job->algorithm, prepared.to_be_signed[0])});
  REQUIRE_FALSE(done.refusal);
  CHECK(signature::read_attached_content(f.result(*done.job)) == "inside");
}
