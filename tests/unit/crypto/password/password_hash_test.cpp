#include "crypto/password/password_hash.hpp"

#include <doctest/doctest.h>

#include <string>

using base::Secret;
using crypto::HashParameters;

namespace {
constexpr HashParameters smallest{8, 1};
}

TEST_CASE("the right password matches its hash, another one does not") {
  const auto phc = crypto::hash_password(Secret("correct horse"), smallest).value();
  CHECK(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  CHECK(crypto::matches(Secret("correct horse"), phc));
  CHECK_FALSE(crypto::matches(Secret("correct horsf"), phc));
  CHECK_FALSE(crypto::matches(Secret("correct horse "), phc));
  CHECK_FALSE(crypto::matches(Secret(""), phc));
  CHECK(phc != crypto::hash_password(Secret("correct horse"), smallest).value());
}

TEST_CASE("hashes of the reference implementation of Argon2 are understood, also with two lanes") {
  CHECK(crypto::matches(Secret("password"),
                        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"));
  CHECK(crypto::matches(Secret("password"),
                        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"));
}

TEST_CASE("octets count: a zero octet ends nothing") {
  const std::string with_zero("pass\0word", 9);
  const auto phc = crypto::hash_password(Secret(with_zero), smallest).value();
  CHECK(crypto::matches(Secret(with_zero), phc));
  CHECK_FALSE(crypto::matches(Secret("pass"), phc));
}

TEST_CASE("a hash needs to be renewed exactly when its parameters are not those in force") {
  const auto phc = crypto::hash_password(Secret("x"), {16, 2}).value();
  CHECK_FALSE(crypto::needs_rehash(phc, {16, 2}));
  CHECK(crypto::needs_rehash(phc, {17, 2}));
  CHECK(crypto::needs_rehash(phc, {16, 1}));
  CHECK(crypto::needs_rehash("junk", {16, 2}));
}

TEST_CASE("parameters out of range are refused and not rounded") {
  for (const HashParameters parameters : {HashParameters{7, 1}, HashParameters{0, 1}, HashParameters{8, 0},
                                          HashParameters{8, 101}, HashParameters{4'194'305, 1}}) {
    const auto hashed = crypto::hash_password(Secret("x"), parameters);
    REQUIRE_FALSE(hashed);
    CHECK(hashed.error().code == base::Code::invalid_input);
  }
}

TEST_CASE("a string that is no Argon2id hash is no password at all") {
  const std::string good =
      "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  CHECK_FALSE(crypto::needs_rehash(good, smallest));
  for (const std::string& junk :
       {std::string(),
        std::string("x"),
        std::string("$"),
        good + "A$",
        good + " ",
        " " + good,
        good.substr(0, 40),
        good + std::string(200, 'A'),
        good + '\0',
        std::string("$argon2i$v=19$m=8,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=16$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=08,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=-1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string(
            "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string(
            "$argon2id$v=19$m=99999999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=1,p=99$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$t=1,m=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=1,p=1$$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        std::string("$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"),
        std::string("$2b$12$abcdefghijklmnopqrstuuLZ4d1r2u8Q1eQm5E1G7s5p5lYpJ4Q7K")}) {
    CAPTURE(junk);
    CHECK_FALSE(crypto::matches(Secret("password"), junk));
    CHECK(crypto::needs_rehash(junk, smallest));
  }
}

TEST_CASE("an account that does not exist costs the same parameters as one that does") {
  for (const HashParameters parameters : {smallest, HashParameters{64, 3}, HashParameters{}}) {
    const auto decoy = crypto::decoy_phc(parameters);
    CHECK_FALSE(crypto::needs_rehash(decoy, parameters));
    CHECK(decoy.size() == crypto::hash_password(Secret("x"), parameters).value().size());
    CHECK_FALSE(crypto::matches(Secret("password"), decoy));
    crypto::do_decoy_work(Secret("password"), parameters);
  }
}
