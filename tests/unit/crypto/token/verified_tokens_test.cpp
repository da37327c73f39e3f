#include "crypto/token/verified_tokens.hpp"

#include <doctest/doctest.h>

#include <string>

using crypto::VerifiedTokens;

TEST_CASE("a token is known by its type and every octet") {
  VerifiedTokens known;
  const std::string token = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";
  known.add(VerifiedTokens::digest_of("at+jwt", token), "first");
  CHECK(known.find(VerifiedTokens::digest_of("at+jwt", token)) == "first");
  CHECK_FALSE(known.find(VerifiedTokens::digest_of("JWT", token)));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(known.find(VerifiedTokens::digest_of("at+jwt", altered)));
  }
  CHECK_FALSE(known.find(VerifiedTokens::digest_of("at+jwt", token + "=")));
}

TEST_CASE("the table is bounded: of many tokens the last ones are known") {
  VerifiedTokens known(64);
  const auto digest = [](int i) { return VerifiedTokens::digest_of("at+jwt", std::to_string(i)); };
  for (int i = 0; i < 10'000; ++i) known.add(digest(i), i % 2 == 0 ? "even" : "odd");
  int kept = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto kid = known.find(digest(i));
    if (!kid) continue;
    ++kept;
    CHECK(*kid == (i % 2 == 0 ? "even" : "odd"));
  }
  CHECK(kept <= 64);
  CHECK(known.find(digest(9'999)));
}
