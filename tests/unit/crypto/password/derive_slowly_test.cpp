#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "crypto/password/password_hash.hpp"

TEST_CASE("a slow digest is the same for the same password and salt, and for nothing else") {
  const base::Secret password("Meadow-Violet-2026");
  const base::Bytes salt(16, 's');
  const auto digest = crypto::derive_slowly(password, salt, {8, 1}).value();
  CHECK(digest.size() == 32);
  CHECK(crypto::derive_slowly(password, salt, {8, 1}).value() == digest);
  CHECK(crypto::derive_slowly(base::Secret("Meadow-Violet-2027"), salt, {8, 1}).value() != digest);
  CHECK(crypto::derive_slowly(password, base::Bytes(16, 't'), {8, 1}).value() != digest);
  CHECK(crypto::derive_slowly(password, salt, {16, 1}).value() != digest);
  CHECK_FALSE(crypto::derive_slowly(password, base::Bytes(15, 's'), {8, 1}));
  CHECK_FALSE(crypto::derive_slowly(password, salt, {1, 1}));
}
