// A time stamp that stands alone is judged with what the installation trusts.
#include "flow/validation/verify_timestamp.hpp"

#include <doctest/doctest.h>

#include "flow/certificate/authority_fixture.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/timestamp/get_timestamp.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "flow/validation/validation_desk.hpp"

namespace {

const std::string letter = "Dear Ewa,\nall is well.\n";

struct Fixture : testing::AuthorityFixture {
  Fixture() {
    house->timestamps = &stamps;
    house->validation = &desk;
    make_authority();
    const auto made = flow::make_timestamp_authority(*house, by, {}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    authority = *made;
    REQUIRE(flow::publish_changed_lists(*house, now));
  }
  ~Fixture() {
    house->timestamps = nullptr;
    house->validation = nullptr;
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  base::Bytes stamp(base::BytesView octets = letter) {
    const auto token =
        flow::get_timestamp(*house, octets, crypto::DigestKind::sha256, {now, std::chrono::seconds(1)}, facts());
    REQUIRE_MESSAGE(token, base::describe(token.error()));
    return *token;
  }
  /// "TOTAL-FAILED HASH_FAILURE"
  std::string judge(base::BytesView token, std::optional<base::BytesView> document = letter) {
    flow::TimestampQuestion question;
    question.token = token;
    question.document = document;
    const auto judged = flow::verify_timestamp(*house, question, now);
    REQUIRE_MESSAGE(judged, base::describe(judged.error()));
    const std::string sub(signature::name_of(judged->verdict.sub_indication));
    return std::string(signature::name_of(judged->verdict.indication)) + (sub.empty() ? "" : " " + sub);
  }

  flow::TimestampDesk stamps{{}, {}};
  flow::ValidationDesk desk{{}, std::nullopt};
  store::TimestampAuthority authority;
};

}  // namespace

TEST_CASE("a time stamp of the own authority counts, for its document and for nothing else") {
  Fixture f;
  const base::Bytes token = f.stamp();
  CHECK(f.judge(token) == "TOTAL-PASSED");
  CHECK(f.judge(token, std::nullopt) == "TOTAL-PASSED");
  CHECK(f.judge(token, "another letter") == "TOTAL-FAILED HASH_FAILURE");
  flow::TimestampQuestion question;
  question.token = token;
  question.digest = crypto::digest(crypto::DigestKind::sha256, letter);
  const auto judged = flow::verify_timestamp(*f.house, question, f.now);
  REQUIRE(judged);
  CHECK(judged->verdict.is_passed());
  CHECK(judged->authority == f.authority.name);
  CHECK(judged->facts.info.at == f.now);
}

TEST_CASE("a time stamp of an authority that nobody trusts here is undecided, however right its octets are") {
  Fixture f;
  Fixture other;
  CHECK(f.judge(other.stamp()) == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND");
}

TEST_CASE("a time stamp is undecided once the certificate of its authority was revoked") {
  Fixture f;
  const base::Bytes token = f.stamp();
  f.now += std::chrono::hours(1);
  REQUIRE(f.revoke(f.authority.sha256));
  REQUIRE(flow::publish_changed_lists(*f.house, f.now));
  CHECK(f.judge(token).starts_with("INDETERMINATE REVOKED"));
}

TEST_CASE("one altered octet of a token is noticed, and no token is one") {
  Fixture f;
  base::Bytes token = f.stamp();
  token.back() = static_cast<char>(token.back() ^ 1);
  CHECK(f.judge(token).starts_with("TOTAL-FAILED"));
  CHECK(f.judge("no token") == "TOTAL-FAILED FORMAT_FAILURE");
}

TEST_CASE("policies are replaced while the server runs, and one without the default changes nothing") {
  Fixture f;
  const base::Bytes token = f.stamp();
  const auto before = f.desk.find_policy("");
  REQUIRE(before);
  CHECK_FALSE(f.desk.use_policies({}));
  CHECK(f.desk.find_policy("") == before);
  signature::ValidationPolicy strict = signature::default_policy();
  strict.timestamp_policies = {"1.2.3"};
  REQUIRE(f.desk.use_policies({{"default", strict}, {"mild", signature::default_policy()}}));
  CHECK(f.judge(token) == "INDETERMINATE SIG_CONSTRAINTS_FAILURE");
  CHECK(before->timestamp_policies.empty());  // a validation that runs keeps its own
  flow::TimestampQuestion question;
  question.token = token;
  question.policy = "mild";
  CHECK(flow::verify_timestamp(*f.house, question, f.now)->verdict.is_passed());
  question.policy = "nothing";
  CHECK(flow::verify_timestamp(*f.house, question, f.now).error().code == base::Code::not_found);
}
