#include "crypto/key/signing_key.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "crypto/key/pkey.hpp"

using crypto::Algorithm;
using crypto::PublicKey;
using crypto::SigningKey;

namespace {

base::Bytes b64(std::string_view text) {
  return base::parse_base64url(text).value();
}
base::Bytes hex(std::string_view text) {
  return base::parse_hex(text).value();
}

// The key and token of RFC 7515, appendix A.3.
const char* const rfc_x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const char* const rfc_y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
const char* const rfc_d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
const char* const rfc_input =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
    "cnVlfQ";
const char* const rfc_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

// The modulus of RFC 7638, section 3.1.
const char* const rfc_n =
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
    "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
    "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
    "nqDKgw";

// PKCS#8 of a P-256 key: PrivateKeyInfo{0, {id-ecPublicKey, prime256v1}, ECPrivateKey{1, d, [1] point}}.
base::Secret pkcs8_of(base::BytesView d, base::BytesView x, base::BytesView y) {
  base::Bytes der = hex("308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420");
  der.append(d).append(hex("a14403420004")).append(x).append(y);
  return base::Secret(der);
}

}  // namespace

TEST_CASE("the signature of RFC 7515 appendix A.3 is verified") {
  const auto key = PublicKey::from_point(b64(rfc_x), b64(rfc_y)).value();
  CHECK(key.algorithm() == Algorithm::es256);
  CHECK(key.verify(rfc_input, b64(rfc_signature)));
  CHECK_FALSE(key.verify(std::string(rfc_input) + "A", b64(rfc_signature)));
}

TEST_CASE("the key of RFC 7515 appendix A.3 signs what its public half verifies") {
  const auto key = SigningKey::from_pkcs8(Algorithm::es256, pkcs8_of(b64(rfc_d), b64(rfc_x), b64(rfc_y))).value();
  const auto signature = key.sign("input").value();
  CHECK(signature.size() == 64);
  CHECK(PublicKey::from_point(b64(rfc_x), b64(rfc_y)).value().verify("input", signature));
  CHECK(key.verify(rfc_input, b64(rfc_signature)));
}

TEST_CASE("the kid is the thumbprint of RFC 7638") {
  const auto key = PublicKey::from_modulus(b64(rfc_n), b64("AQAB")).value();
  CHECK(key.kid() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  CHECK(key.jwk() == std::string(R"({"e":"AQAB","kty":"RSA","n":")") + rfc_n +
                         R"(","use":"sig","alg":"RS256","kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"})");
}

TEST_CASE("keys survive writing and reading, and sign as before") {
  for (const Algorithm algorithm : {Algorithm::es256, Algorithm::rs256}) {
    const auto key = SigningKey::generate(algorithm).value();
    const auto der = key.to_pkcs8().value();
    const auto again = SigningKey::from_pkcs8(algorithm, der).value();
    CHECK(again.kid() == key.kid());
    CHECK(again.public_jwk() == key.public_jwk());
    CHECK(again.algorithm() == algorithm);
    const auto signature = again.sign("input").value();
    CHECK(signature.size() == (algorithm == Algorithm::es256 ? 64 : 384));
    CHECK(key.verify("input", signature));
    CHECK(key.public_key().verify("input", signature));
    CHECK_FALSE(key.verify("inputs", signature));
    CHECK_FALSE(SigningKey::generate(algorithm).value().verify("input", signature));
  }
}

TEST_CASE("a private key of another kind, cut off or with something behind it is refused") {
  const auto ec = SigningKey::generate(Algorithm::es256).value().to_pkcs8().value();
  const auto rsa = SigningKey::generate(Algorithm::rs256).value().to_pkcs8().value();
  CHECK_FALSE(SigningKey::from_pkcs8(Algorithm::rs256, ec));
  CHECK_FALSE(SigningKey::from_pkcs8(Algorithm::es256, rsa));
  CHECK_FALSE(SigningKey::from_pkcs8(Algorithm::es256, base::Secret()));
  CHECK_FALSE(SigningKey::from_pkcs8(Algorithm::es256, base::Secret("junk")));
  CHECK_FALSE(SigningKey::from_pkcs8(Algorithm::es256, base::Secret(std::string(ec.reveal()) + "x")));
  for (std::size_t size = 0; size < ec.size(); size += 7) {
    CHECK_FALSE(SigningKey::from_pkcs8(Algorithm::es256, base::Secret(std::string(ec.reveal().substr(0, size)))));
  }
}

TEST_CASE("a private key whose public half belongs to another key is refused") {
  const auto other = hex("0000000000000000000000000000000000000000000000000000000000000007");
  const auto read = SigningKey::from_pkcs8(Algorithm::es256, pkcs8_of(other, b64(rfc_x), b64(rfc_y)));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == base::Code::invalid_input);
}

TEST_CASE("points off the curve and weak RSA numbers are no public keys") {
  auto y = b64(rfc_y);
  y[31] = static_cast<char>(y[31] ^ 1);
  CHECK_FALSE(PublicKey::from_point(b64(rfc_x), y));
  CHECK_FALSE(PublicKey::from_point(base::Bytes(32, '\0'), base::Bytes(32, '\0')));
  CHECK_FALSE(PublicKey::from_point(base::Bytes(32, '\xff'), base::Bytes(32, '\xff')));
  CHECK_FALSE(PublicKey::from_point(b64(rfc_x).substr(1), b64(rfc_y)));
  const auto n = b64(rfc_n);
  CHECK_FALSE(PublicKey::from_modulus(n, "\x01"));
  CHECK_FALSE(PublicKey::from_modulus(n, "\x02"));
  CHECK_FALSE(PublicKey::from_modulus(n, ""));
  CHECK_FALSE(PublicKey::from_modulus(n.substr(0, 128), b64("AQAB")));
  CHECK_FALSE(PublicKey::from_modulus(std::string(1, '\0') + n, b64("AQAB")));
}

TEST_CASE("ECDSA signatures outside the range, of wrong length or in DER are refused") {
  const auto key = PublicKey::from_point(b64(rfc_x), b64(rfc_y)).value();
  const auto good = b64(rfc_signature);
  const auto r = good.substr(0, 32);
  const auto s = good.substr(32);
  const base::Bytes zero(32, '\0');
  const base::Bytes one = zero.substr(1) + '\x01';
  const base::Bytes order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  const base::Bytes most(32, '\xff');
  for (const base::Bytes& bad :
       {base::Bytes(), zero + zero, zero + s, r + zero, one + one, order + s, r + order, order + order, most + most,
        zero + one, one + zero, s + r, good.substr(0, 63), good + '\0', std::string(1, '\0') + good, r,
        crypto::to_der(good), std::string(1, '\0') + r + std::string(1, '\0') + s}) {
    CAPTURE(base::to_hex(bad));
    CHECK_FALSE(key.verify(rfc_input, bad));
  }
  for (std::size_t bit = 0; bit < 512; bit += 5) {
    auto changed = good;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(key.verify(rfc_input, changed));
  }
}

TEST_CASE("RSA signatures of wrong length or value are refused") {
  const auto key = SigningKey::generate(Algorithm::rs256).value();
  const auto good = key.sign("input").value();
  for (const base::Bytes& bad : {base::Bytes(), good.substr(1), good + '\0', std::string(1, '\0') + good,
                                 base::Bytes(256, '\0'), base::Bytes(256, '\xff'), base::Bytes(255, '\0') + '\x01'}) {
    CHECK_FALSE(key.verify("input", bad));
  }
}

TEST_CASE("short and long numbers become DER and come back") {
  const base::Bytes pad(31, '\0');
  for (const base::Bytes& half :
       {pad + '\x01', pad + '\x7f', pad + '\x80', base::Bytes(32, '\x80'), base::Bytes(32, '\x11')}) {
    CHECK(crypto::from_der(crypto::to_der(half + half)) == half + half);
  }
  CHECK(crypto::to_der(base::Bytes(32, '\x80') + pad + '\x01').size() == 2 + 2 + 33 + 3);
  for (const base::Bytes& bad : {base::Bytes(), hex("30"), hex("3000"), hex("3006020101020101ff"),
                                 hex("3005020101020101"), hex("300602010102"), hex("30060201010301ff")}) {
    CHECK(crypto::from_der(bad).empty());
  }
}

TEST_CASE("one key signs in many threads at once") {
  const auto ec = SigningKey::generate(Algorithm::es256).value();
  const auto rsa = SigningKey::generate(Algorithm::rs256).value();
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&wrong, ec, rsa, t] {
      for (int i = 0; i < 100; ++i) {
        const std::string input = std::to_string(t) + " " + std::to_string(i);
        if (!ec.verify(input, ec.sign(input).value())) ++wrong;
        if (i % 10 == 0 && !rsa.verify(input, rsa.sign(input).value())) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("algorithms have the names of RFC 7518, and no others exist") {
  CHECK(crypto::parse_algorithm("ES256").value() == Algorithm::es256);
  CHECK(crypto::name_of(Algorithm::rs256) == "RS256");
  for (const char* name : {"none", "None", "HS256", "es256", "PS256", "ES384", ""})
    CHECK_FALSE(crypto::parse_algorithm(name));
}
