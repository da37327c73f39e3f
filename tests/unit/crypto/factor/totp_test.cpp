#include "crypto/factor/totp.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace std::chrono_literals;

namespace {

const base::Secret rfc_secret("12345678901234567890");

base::Time at_second(std::int64_t seconds) {
  return base::from_seconds(seconds);
}

}  // namespace

TEST_CASE("codes are the known answers of RFC 6238 appendix B") {
  const std::pair<std::int64_t, std::string> known[] = {{59, "94287082"},         {1111111109, "07081804"},
                                                        {1111111111, "14050471"}, {1234567890, "89005924"},
                                                        {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [second, code] : known) {
    CAPTURE(second);
    CHECK(crypto::make_totp_code(rfc_secret, crypto::totp_step_of(at_second(second)), 8) == code);
    CHECK(crypto::make_totp_code(rfc_secret, crypto::totp_step_of(at_second(second))) == code.substr(2));
  }
}

TEST_CASE("codes are the known answers of RFC 4226 appendix D") {
  const std::string known[] = {"755224", "287082", "359152", "969429", "338314",
                               "254676", "287922", "162583", "399871", "520489"};
  std::int64_t counter = 0;
  for (const std::string& code : known) CHECK(crypto::make_totp_code(rfc_secret, counter++) == code);
}

TEST_CASE("the step before and the step after are accepted, and no other") {
  const base::Time now = at_second(1111111111);
  const std::int64_t present = crypto::totp_step_of(now);
  for (std::int64_t away = -4; away <= 4; ++away) {
    CAPTURE(away);
    const auto found = crypto::find_totp_step(rfc_secret, crypto::make_totp_code(rfc_secret, present + away), -1, now);
    CHECK(found.has_value() == (away >= -1 && away <= 1));
    if (found) CHECK(*found == present + away);
  }
}

TEST_CASE("a step begins at its first millisecond") {
  CHECK(crypto::totp_step_of(at_second(60) - 1ms) == 1);
  CHECK(crypto::totp_step_of(at_second(60)) == 2);
}

TEST_CASE("a code of a step that was used, or of one before it, is refused") {
  const base::Time now = at_second(1111111111);
  const std::int64_t present = crypto::totp_step_of(now);
  const auto find = [&](std::int64_t step, std::int64_t used) {
    return crypto::find_totp_step(rfc_secret, crypto::make_totp_code(rfc_secret, step), used, now);
  };
  CHECK(find(present, present - 1) == present);
  CHECK_FALSE(find(present, present).has_value());
  CHECK_FALSE(find(present - 1, present).has_value());
  CHECK(find(present + 1, present) == present + 1);
}

TEST_CASE("what is not a code of six digits is refused") {
  const base::Time now = at_second(1111111111);
  const std::string code = crypto::make_totp_code(rfc_secret, crypto::totp_step_of(now));
  for (const std::string& typed : {std::string(), code.substr(1), code + "0", " " + code, std::string(6, '\0'),
                                   std::string(100000, '1'), std::string("abcdef")}) {
    CHECK_FALSE(crypto::find_totp_step(rfc_secret, typed, -1, now).has_value());
  }
}

TEST_CASE("a new secret has 160 bits, and no two are the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const base::Secret secret = crypto::make_totp_secret();
    CHECK(secret.size() == 20);
    seen.insert(std::string(secret.reveal()));
  }
  CHECK(seen.size() == 100);
}
