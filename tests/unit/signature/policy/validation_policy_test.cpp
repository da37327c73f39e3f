#include "signature/policy/validation_policy.hpp"

#include <doctest/doctest.h>

using crypto::DigestKind;
using signature::AlgorithmJudgement;
using State = AlgorithmJudgement::State;

namespace {

const signature::ValidationPolicy policy = signature::default_policy();
base::Time at(const std::string& day) {
  return base::parse_rfc3339(day + "T00:00:00Z").value();
}

}  // namespace

TEST_CASE("MD5 and SHA-1 have ended, and counted before; what is not named has never counted") {
  CHECK(judge_digest(policy, DigestKind::md5, at("2026-11-29")).state == State::ended);
  CHECK(judge_digest(policy, DigestKind::md5, at("2004-07-31")).state == State::good);
  CHECK(judge_digest(policy, DigestKind::sha1, at("2012-07-31")).state == State::good);
  // The day of the end is not included.
  CHECK(judge_digest(policy, DigestKind::sha1, at("2012-08-01")).state == State::ended);
  CHECK(judge_digest(policy, DigestKind::sha1, at("2012-08-01")).until == at("2012-08-01"));
  CHECK(judge_digest(policy, DigestKind::sha256, at("2090-01-01")).state == State::good);
  signature::ValidationPolicy other = policy;
  other.algorithms.erase("sha256");
  CHECK(judge_digest(other, DigestKind::sha256, at("2026-11-29")).state == State::never);
}

TEST_CASE("of the sizes of keys the largest counts that the key reaches") {
  const auto state = [&](std::string_view family, int bits, const std::string& day) {
    return judge_key_size(policy, family, bits, at(day)).state;
  };
  CHECK(state("rsa", 2048, "2028-12-31") == State::good);
  CHECK(state("rsa", 2048, "2029-01-01") == State::ended);
  CHECK(state("rsa", 3072, "2040-01-01") == State::good);
  CHECK(state("rsa", 1024, "2026-01-01") == State::ended);
  CHECK(state("rsa", 1024, "2010-01-01") == State::good);
  CHECK(state("rsa", 1023, "2000-01-01") == State::never);
  CHECK(state("ecc", 256, "2040-01-01") == State::good);
  CHECK(state("ecc", 224, "2026-01-01") == State::ended);
  CHECK(state("dsa", 2048, "2026-01-01") == State::never);
  CHECK(state("?", 4096, "2026-01-01") == State::never);
}

TEST_CASE("of several algorithms the worst counts, and of two that have ended the one that ended first") {
  const AlgorithmJudgement good;
  const AlgorithmJudgement early{State::ended, at("2010-01-01"), "a"};
  const AlgorithmJudgement late{State::ended, at("2020-01-01"), "b"};
  const AlgorithmJudgement never{State::never, std::nullopt, "c"};
  CHECK(worst_of(good, late).name == "b");
  CHECK(worst_of(late, early).name == "a");
  CHECK(worst_of(early, late).name == "a");
  CHECK(worst_of(early, never).name == "c");
  CHECK(worst_of(good, good).state == State::good);
}

TEST_CASE("names of algorithms are known, others are mistakes") {
  for (const char* name : {"md5", "sha1", "sha512", "rsa-pss", "ecdsa", "rsa.2048", "ecc.256"}) {
    CAPTURE(name);
    CHECK(signature::is_algorithm_name(name));
  }
  for (const char* name :
       {"", "sha-1", "sha3", "rsa", "rsa.", "rsa.x", "rsa.-1", "rsa.99999", "dsa.1024", "ecc.256 "}) {
    CAPTURE(name);
    CHECK_FALSE(signature::is_algorithm_name(name));
  }
  for (const auto& [name, end] : policy.algorithms) CHECK(signature::is_algorithm_name(name));
  CHECK(signature::is_key_usage_name("nonRepudiation"));
  CHECK_FALSE(signature::is_key_usage_name("keyCertSign"));
}

TEST_CASE("an answer is fresh for a day, until its next update, and never beyond the policy's limit") {
  using std::chrono::hours;
  const base::Time now = at("2026-11-29");
  CHECK(is_fresh(policy, now - hours(24), std::nullopt, now));
  CHECK_FALSE(is_fresh(policy, now - hours(25), std::nullopt, now));
  CHECK(is_fresh(policy, now - hours(25), now, now));
  CHECK_FALSE(is_fresh(policy, now - hours(25), now - hours(1), now));
  // An answer of a later time says even more.
  CHECK(is_fresh(policy, now + hours(1000), std::nullopt, now));
  signature::ValidationPolicy strict = policy;
  strict.oldest = hours(12);
  CHECK_FALSE(is_fresh(strict, now - hours(13), now + hours(100), now));
}
