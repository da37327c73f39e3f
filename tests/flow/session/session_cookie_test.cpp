#include "flow/session/session_cookie.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <set>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "crypto/digest/digest.hpp"

TEST_CASE("a session has a secret of 256 random bits, of which only the digest is kept") {
  constexpr int many = 1000;
  std::set<std::string> secrets;
  std::array<int, 256> ones{};
  for (int i = 0; i < many; ++i) {
    const auto made = flow::make_session_cookie(base::now());
    const std::string octets = base::parse_base64url(made.value.reveal()).value();
    REQUIRE(octets.size() == 16 + 32);  // the id and the secret
    const std::string secret = octets.substr(16);
    secrets.insert(secret);
    for (std::size_t bit = 0; bit < ones.size(); ++bit) {
      ones.at(bit) += static_cast<unsigned char>(secret[bit / 8]) >> bit % 8 & 1;
    }
    CHECK(made.secret_hash == crypto::sha256(secret));
    const auto read = flow::parse_session_cookie(made.value.reveal());
    REQUIRE(read);
    CHECK(read->id == made.id);
    CHECK(read->secret_hash == made.secret_hash);
  }
  CHECK(secrets.size() == many);
  // Half of many, and ten standard deviations around it.
  for (const int count : ones) CHECK(std::abs(count - many / 2) < 160);
}
