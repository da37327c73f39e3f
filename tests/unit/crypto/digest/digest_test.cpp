#include "crypto/digest/digest.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/digest/hmac.hpp"

namespace {

base::Bytes hex(std::string_view text) {
  return base::parse_hex(text).value();
}
std::string hmac_hex(const std::string& key, std::string_view data) {
  return base::to_hex(crypto::hmac_sha256(base::Secret(key), data));
}

}  // namespace

TEST_CASE("SHA-256 gives the known answers of FIPS 180-4") {
  CHECK(base::to_hex(crypto::sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(base::to_hex(crypto::sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(base::to_hex(crypto::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("HMAC-SHA256 gives the known answers of RFC 4231") {
  CHECK(hmac_hex(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty HMAC key is an empty key and not the key of before") {
  const std::string empty_key_empty_data = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  CHECK(hmac_hex("", "") == empty_key_empty_data);
  CHECK(hmac_hex("Jefe", "") != empty_key_empty_data);
  CHECK(hmac_hex("", "") == empty_key_empty_data);
}

TEST_CASE("HKDF gives the known answers of RFC 5869") {
  const base::Secret material(std::string(22, '\x0b'));
  CHECK(
      base::to_hex(
          crypto::hkdf_sha256(material, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42).reveal()) ==
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(base::to_hex(crypto::hkdf_sha256(material, "", "", 42).reveal()) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("a kept HMAC key gives the same as the key itself, also when many keys take turns") {
  std::vector<crypto::HmacKey> keys;
  for (int i = 0; i < 40; ++i) keys.emplace_back(base::Secret("key " + std::to_string(i)));
  for (int round = 0; round < 3; ++round) {
    for (const auto& key : keys) CHECK(key.authenticate("data") == crypto::hmac_sha256(key.key(), "data"));
  }
}

TEST_CASE("digests of several threads do not disturb each other") {
  const crypto::HmacKey key(base::Secret("key"));
  const auto expected_hash = crypto::sha256("data");
  const auto expected_mac = key.authenticate("data");
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        if (crypto::sha256("data") != expected_hash || key.authenticate("data") != expected_mac) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}
