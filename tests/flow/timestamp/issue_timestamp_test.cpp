#include "flow/timestamp/issue_timestamp.hpp"

#include <doctest/doctest.h>

#include <set>

#include "crypto/certificate/verify_chain.hpp"
#include "flow/certificate/authority_fixture.hpp"
#include "flow/tenant/features.hpp"
#include "flow/timestamp/get_timestamp.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "softhsm.hpp"
#include "token/token.hpp"

using crypto::DigestKind;
using crypto::TimestampFailure;
using flow::StampRefusal;
using namespace std::chrono_literals;

namespace {

struct Fixture : testing::AuthorityFixture {
  explicit Fixture(flow::TimestampSettings wanted = {}) { use(std::move(wanted)); }
  ~Fixture() { house->timestamps = nullptr; }

  /// As a process that starts now.
  void use(flow::TimestampSettings wanted, flow::PostTimestamp post = {}) {
    desk = std::make_unique<flow::TimestampDesk>(std::move(wanted), std::move(post));
    house->timestamps = desk.get();
  }
  store::TimestampAuthority make_stamping() {
    auto made = flow::make_timestamp_authority(*house, by, {}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    return *made;
  }
  [[nodiscard]] signature::ClockReading clock() const { return {now, now - begin}; }
  [[nodiscard]] static crypto::TimestampRequest request_for(base::BytesView octets) {
    crypto::TimestampRequest request;
    request.imprint = crypto::digest(DigestKind::sha256, octets);
    request.nonce = crypto::make_nonce();
    request.wants_certificates = true;
    return request;
  }
  flow::Stamped try_stamp(const crypto::TimestampRequest& request) {
    auto stamped = flow::issue_timestamp(*house, {request, std::nullopt, clock()}, facts());
    REQUIRE_MESSAGE(stamped, base::describe(stamped.error()));
    return *stamped;
  }
  flow::Stamped stamp(base::BytesView octets = "a text") {
    auto stamped = try_stamp(request_for(octets));
    REQUIRE_MESSAGE(!stamped.token.empty(), stamped.reason);
    return stamped;
  }

  base::Time begin = now;
  std::unique_ptr<flow::TimestampDesk> desk;
};

}  // namespace

TEST_CASE("a stamp has the time, a number of its own, the policy, and the certificate of the own authority") {
  Fixture f;
  f.make_authority();
  const auto authority = f.make_stamping();
  const auto request = Fixture::request_for("a text");
  const auto stamped = f.try_stamp(request);
  const auto facts = crypto::read_timestamp_token(stamped.token);
  CHECK(facts.flaw == crypto::TimestampFlaw::none);
  CHECK(facts.info.at == f.now);
  CHECK(facts.info.policy == "2.999.3161.1");
  CHECK(facts.info.imprint == request.imprint);
  CHECK(facts.info.nonce == request.nonce);
  CHECK(facts.info.accuracy.seconds == 1);
  CHECK(facts.certificate == authority.certificate);
  crypto::PathMaterial material;
  material.leaf = facts.certificate;
  material.intermediates = facts.certificates;
  const auto authorities = flow::list_authorities_for(*f.house, f.by);
  REQUIRE(authorities);
  for (const store::AuthorityRow& row : *authorities) {
    if (row.kind == "root") material.anchors.push_back(row.der);
  }
  crypto::PathRules rules;
  rules.purpose = crypto::PathPurpose::time_stamp;
  rules.now = f.now;
  const auto judged = crypto::verify_chain(material, rules);
  CHECK_MESSAGE(judged.is_good(), judged.reason);
}

TEST_CASE("each stamp is on record with the digest, and not the document") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  const auto stamped = f.stamp("secret text");
  const auto events = f.events("timestamp_issue");
  REQUIRE(events.size() == 1);
  CHECK(events.front().data.find(base::to_hex(crypto::digest(DigestKind::sha256, "secret text"))) != std::string::npos);
  CHECK(events.front().data.find(base::to_hex(stamped.info.serial)) != std::string::npos);
  CHECK(events.front().data.find("secret") == std::string::npos);
  CHECK(f.events("timestamp_authority_change").size() == 1);
}

TEST_CASE("no number is given twice, also after a start and on two nodes") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  std::set<base::Bytes> numbers;
  for (int i = 0; i < 1100; ++i) CHECK(numbers.insert(f.desk->take_serial(*f.house).value()).second);
  flow::TimestampDesk other({}, {});
  for (int i = 0; i < 1100; ++i) {
    CHECK(numbers.insert(f.desk->take_serial(*f.house).value()).second);
    CHECK(numbers.insert(other.take_serial(*f.house).value()).second);
  }
  f.use({});
  CHECK(numbers.insert(f.stamp().info.serial).second);
}

TEST_CASE("a digest or a policy that is not offered has the reason of RFC 3161") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  auto request = Fixture::request_for("a text");
  request.digest_kind = DigestKind::sha1;
  request.imprint = crypto::digest(DigestKind::sha1, "a text");
  CHECK(f.try_stamp(request).failure == TimestampFailure::bad_alg);
  request = Fixture::request_for("a text");
  request.policy = "1.2.3";
  CHECK(f.try_stamp(request).failure == TimestampFailure::unaccepted_policy);
  f.use({.more_policies = {"1.2.3"}});
  CHECK(f.try_stamp(request).info.policy == "1.2.3");
}

TEST_CASE("a clock that has jumped stamps nothing until it has run evenly") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  f.stamp();
  f.begin += 1h;  // the clock of the wall jumped forwards by an hour
  f.now += 1h;
  CHECK(f.try_stamp(Fixture::request_for("a text")).failure == TimestampFailure::time_not_available);
  CHECK(f.events("timestamp_issue").size() == 1);
  f.now += 61s;
  f.stamp();
}

TEST_CASE("a clock that is behind what was stamped stamps nothing, also after a start") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  f.stamp();
  f.now -= 10s;
  f.use({});  // the new process knows nothing of the jump, the database does
  CHECK(f.try_stamp(Fixture::request_for("a text")).failure == TimestampFailure::time_not_available);
  f.now += 11s;
  f.use({});
  f.stamp();
  CHECK(f.events("timestamp_issue").size() == 2);
}

TEST_CASE("without an authority, or where it is off, there is nothing to ask") {
  Fixture f;
  CHECK(f.try_stamp(Fixture::request_for("a text")).refusal == StampRefusal::no_authority);
  CHECK(flow::make_timestamp_authority(*f.house, f.by, {}, f.facts()).error().code == base::Code::conflict);
  f.make_authority();
  f.make_stamping();
  f.use({.access = flow::TimestampAccess::off});
  CHECK(f.try_stamp(Fixture::request_for("a text")).refusal == StampRefusal::no_authority);
  // Signatures made here are stamped nevertheless.
  CHECK(flow::get_timestamp(*f.house, "value", DigestKind::sha256, f.clock(), f.facts()));
}

TEST_CASE("who must say who it is, is refused without, and so is an organisation without the feature") {
  Fixture f({.access = flow::TimestampAccess::known});
  f.make_authority();
  f.make_stamping();
  CHECK(f.try_stamp(Fixture::request_for("a text")).refusal == StampRefusal::unauthenticated);
  f.use({});
  REQUIRE(flow::set_feature(*f.house, f.by, {"", flow::Feature::timestamps, flow::FeatureState::off}, f.facts()));
  CHECK(f.try_stamp(Fixture::request_for("a text")).refusal == StampRefusal::feature_off);
  CHECK(f.events("timestamp_issue").empty());
}

TEST_CASE("a network that does not say who it is gets so many stamps in a minute") {
  Fixture f({.each_minute_of_network = 3});
  f.make_authority();
  f.make_stamping();
  for (int i = 0; i < 3; ++i) f.stamp();
  CHECK(f.try_stamp(Fixture::request_for("a text")).refusal == StampRefusal::too_many);
  CHECK(f.events("timestamp_refusal").size() == 1);
  f.now += 61s;
  f.stamp();
}

TEST_CASE("the authority is renewed before its end, once, and what it stamped counts on") {
  Fixture f;
  f.make_authority();
  const auto first = f.make_stamping();
  const auto before = f.stamp();
  REQUIRE(flow::renew_timestamp_authority(*f.house, f.now));
  CHECK(flow::look_at_timestamps(*f.house, f.by)->authorities.size() == 1);
  const base::Time late = first.not_after - 29 * 24h;
  f.begin += late - f.now;
  f.now = late;
  f.use({});
  REQUIRE(flow::renew_timestamp_authority(*f.house, f.now));
  REQUIRE(flow::renew_timestamp_authority(*f.house, f.now));
  const auto look = flow::look_at_timestamps(*f.house, f.by).value();
  REQUIRE(look.authorities.size() == 2);
  CHECK(look.authorities[0].state == "active");
  CHECK(look.authorities[1].state == "retired");
  CHECK(look.authorities[0].name == first.name);
  CHECK(crypto::read_timestamp_token(f.stamp().token).certificate == look.authorities[0].certificate);
  CHECK(crypto::read_timestamp_token(before.token).flaw == crypto::TimestampFlaw::none);
}

TEST_CASE("stamps for signatures come from the first source that gives a right one") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  std::vector<std::string> asked;
  const auto answer = [&](const std::string& url, base::BytesView octets) -> base::Result<base::Bytes> {
    asked.push_back(url);
    if (url == "https://down.example") return base::fail(base::Code::unavailable, "no connection");
    if (url == "https://refusing.example") {
      return crypto::refuse_timestamp(TimestampFailure::system_failure, "not today");
    }
    auto request = *crypto::parse_timestamp_request(octets).request;
    if (url == "https://wrong.example") request.imprint = crypto::digest(DigestKind::sha256, "something else");
    if (url == "https://replaying.example") request.nonce = crypto::make_nonce();
    return crypto::grant_timestamp(f.try_stamp(request).token);
  };
  const std::vector<std::string> bad{"https://down.example", "https://refusing.example", "https://wrong.example",
                                     "https://replaying.example"};
  f.use({.sources = bad}, answer);
  const auto none = flow::get_timestamp(*f.house, "value", DigestKind::sha256, f.clock(), f.facts());
  REQUIRE_FALSE(none);
  CHECK(none.error().code == base::Code::unavailable);
  CHECK(none.error().reason.find("systemFailure: not today") != std::string::npos);
  CHECK(asked == bad);
  auto with_good = bad;
  with_good.emplace_back("https://good.example");
  with_good.emplace_back("own");
  f.use({.sources = with_good}, answer);
  const auto token = flow::get_timestamp(*f.house, "value", DigestKind::sha256, f.clock(), f.facts());
  REQUIRE_MESSAGE(token, base::describe(token.error()));
  CHECK(crypto::read_timestamp_info(*token)->imprint == crypto::digest(DigestKind::sha256, "value"));
  CHECK(asked.back() == "https://good.example");
  f.use({.sources = {}}, answer);
  CHECK(flow::get_timestamp(*f.house, "value", DigestKind::sha256, f.clock(), f.facts()).error().code ==
        base::Code::not_found);
}

TEST_CASE("the key of the authority can be on a token") {
  const testing::SoftHsm hsm;
  hsm.add_token("tsa");
  token::Tokens tokens({hsm.settings("tsa", "stamping")});
  Fixture f;
  f.house->tokens = &tokens;
  f.make_authority();
  flow::TimestampSettings settings;
  settings.token = "stamping";
  settings.token_pin = base::Secret(testing::SoftHsm::pin);
  f.use(settings);
  const auto authority = f.make_stamping();
  CHECK(authority.token == "stamping");
  CHECK_FALSE(authority.token_object.empty());
  CHECK(crypto::read_timestamp_token(f.stamp().token).flaw == crypto::TimestampFlaw::none);
  settings.token_pin = base::Secret("000000");
  f.use(settings);
  CHECK_FALSE(flow::issue_timestamp(*f.house, {Fixture::request_for("a text"), std::nullopt, f.clock()}, f.facts()));
  f.house->tokens = nullptr;
}

TEST_CASE("answers to the protocol are answers also when nothing is stamped") {
  Fixture f;
  f.make_authority();
  f.make_stamping();
  const auto request = Fixture::request_for("a text");
  const auto answer = [&](base::BytesView octets) {
    return flow::answer_timestamp(*f.house, octets, std::nullopt, f.clock(), f.facts()).value();
  };
  const auto granted = answer(crypto::make_timestamp_request(request).value());
  CHECK(crypto::read_timestamp_response(granted.der, request));
  const auto rejected = answer("garbage");
  CHECK_FALSE(rejected.refusal);
  CHECK(crypto::read_timestamp_response(rejected.der, request).error().reason.find("badDataFormat") !=
        std::string::npos);
}
