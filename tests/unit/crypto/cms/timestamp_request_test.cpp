#include "crypto/cms/timestamp_request.hpp"

#include <doctest/doctest.h>

#include "crypto/cms/der.hpp"
#include "unit/crypto/cms/signers.hpp"

using base::Bytes;
using crypto::TimestampFailure;

namespace {

crypto::TimestampRequest request() {
  crypto::TimestampRequest one;
  one.imprint = crypto::digest(crypto::DigestKind::sha256, "a text");
  one.policy = "1.3.6.1.4.1.99999.1.1";
  one.nonce = crypto::make_nonce();
  one.wants_certificates = true;
  return one;
}
Bytes made(const crypto::TimestampRequest& one) {
  return crypto::make_timestamp_request(one).value();
}
TimestampFailure failure_of(const Bytes& octets) {
  const auto parsed = crypto::parse_timestamp_request(octets);
  CHECK_FALSE(parsed.request);
  CHECK_FALSE(parsed.reason.empty());
  return parsed.failure;
}
// The request with the part exchanged, and the lengths around it as they were: both parts have the same size.
Bytes exchange(Bytes octets, const Bytes& before, const Bytes& after) {
  REQUIRE(before.size() == after.size());
  const std::size_t at = octets.find(before);
  REQUIRE(at != Bytes::npos);
  return octets.replace(at, before.size(), after);
}

struct Answer {
  testing::SmallAuthority authority;
  crypto::TimestampSigner signer =
      testing::make_stamper(authority, testing::soft_key_of(crypto::SoftKeyKind::ec_p256), testing::ecdsa_256);

  [[nodiscard]] static crypto::TimestampInfo info_for(const crypto::TimestampRequest& one) {
    auto info = testing::info_about("a text");
    info.policy = one.policy.empty() ? info.policy : one.policy;
    info.nonce = one.nonce;
    return info;
  }
  [[nodiscard]] Bytes response(const crypto::TimestampInfo& info) const {
    return crypto::grant_timestamp(crypto::make_timestamp_token(info, signer, true).value());
  }
};

}  // namespace

TEST_CASE("a request is read as it was written") {
  const auto one = request();
  const auto parsed = crypto::parse_timestamp_request(made(one));
  REQUIRE(parsed.request);
  CHECK(parsed.request->imprint == one.imprint);
  CHECK(parsed.request->policy == one.policy);
  CHECK(parsed.request->nonce == one.nonce);
  CHECK(parsed.request->wants_certificates);
  crypto::TimestampRequest least;
  least.imprint = one.imprint;
  const auto other = crypto::parse_timestamp_request(made(least));
  REQUIRE(other.request);
  CHECK(other.request->policy.empty());
  CHECK(other.request->nonce.empty());
  CHECK_FALSE(other.request->wants_certificates);
}

TEST_CASE("each wrong request has the reason of RFC 3161") {
  const Bytes good = made(request());
  const Bytes version("\x02\x01\x01", 3);
  const Bytes sha256_oid = base::parse_hex("0609608648016503040201").value();
  const Bytes sha512_256_oid = base::parse_hex("0609608648016503040206").value();
  const Bytes sha512_oid = base::parse_hex("0609608648016503040203").value();
  CHECK(failure_of("") == TimestampFailure::bad_data_format);
  CHECK(failure_of("garbage") == TimestampFailure::bad_data_format);
  CHECK(failure_of(good + "x") == TimestampFailure::bad_data_format);
  for (std::size_t i = 0; i < good.size(); ++i) {
    CHECK(failure_of(good.substr(0, i)) == TimestampFailure::bad_data_format);
  }
  CHECK(failure_of(exchange(good, version, Bytes("\x02\x01\x02", 3))) == TimestampFailure::bad_request);
  CHECK(failure_of(exchange(good, sha256_oid, sha512_256_oid)) == TimestampFailure::bad_alg);
  CHECK(failure_of(exchange(good, sha256_oid, sha512_oid)) == TimestampFailure::bad_data_format);
  CHECK(failure_of(exchange(good, Bytes("\x01\x01\xff", 3), Bytes("\x01\x01\x01", 3))) ==
        TimestampFailure::bad_data_format);
  CHECK(failure_of(Bytes(5000, 'x')) == TimestampFailure::bad_request);
  auto with_long_nonce = request();
  with_long_nonce.nonce = Bytes(65, 'x');
  CHECK(failure_of(made(with_long_nonce)) == TimestampFailure::bad_request);
  const auto body = crypto::der::read_one(good);
  const Bytes extension = crypto::der::make(crypto::der::context(0), "");
  CHECK(failure_of(crypto::der::make(crypto::der::sequence, Bytes(body->content) + extension)) ==
        TimestampFailure::unaccepted_extension);
}

TEST_CASE("MD5 and SHA-1 are read, so that the authority can refuse them by name") {
  crypto::TimestampRequest old;
  old.digest_kind = crypto::DigestKind::sha1;
  old.imprint = crypto::digest(crypto::DigestKind::sha1, "a text");
  CHECK(crypto::parse_timestamp_request(made(old)).request->digest_kind == crypto::DigestKind::sha1);
}

TEST_CASE("a response is the answer to its request") {
  const Answer f;
  const auto asked = request();
  const auto token = crypto::read_timestamp_response(f.response(Answer::info_for(asked)), asked);
  REQUIRE_MESSAGE(token, base::describe(token.error()));
  CHECK(crypto::read_timestamp_token(*token).flaw == crypto::TimestampFlaw::none);

  const auto code_with = [&](auto change) {
    auto info = Answer::info_for(asked);
    change(info);
    const auto wrong = crypto::read_timestamp_response(f.response(info), asked);
    REQUIRE_FALSE(wrong);
    return wrong.error().code;
  };
  using base::Code;
  CHECK(code_with([](auto& info) { info.imprint = crypto::digest(info.digest_kind, "another text"); }) ==
        Code::conflict);
  CHECK(code_with([](auto& info) { info = testing::info_about("a text", crypto::DigestKind::sha384); }) ==
        Code::conflict);
  CHECK(code_with([](auto& info) { info.nonce = crypto::make_nonce(); }) == Code::conflict);
  CHECK(code_with([](auto& info) { info.nonce.clear(); }) == Code::conflict);
  CHECK(code_with([](auto& info) { info.policy = "1.2.3"; }) == Code::conflict);
  CHECK(crypto::read_timestamp_response("garbage", asked).error().code == Code::invalid_input);
  CHECK(crypto::read_timestamp_response(f.response(Answer::info_for(asked)) + "x", asked).error().code ==
        Code::invalid_input);
}

TEST_CASE("a refusal says why") {
  for (const TimestampFailure failure : {TimestampFailure::bad_alg, TimestampFailure::bad_request,
                                         TimestampFailure::time_not_available, TimestampFailure::system_failure}) {
    const auto refused = crypto::read_timestamp_response(crypto::refuse_timestamp(failure, "not today"), request());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Code::denied);
    CHECK(refused.error().reason.ends_with(std::string(crypto::name_of(failure)) + ": not today"));
  }
}
