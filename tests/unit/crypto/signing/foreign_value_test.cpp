#include "crypto/signing/foreign_value.hpp"

#include <doctest/doctest.h>

#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/soft_key.hpp"

using crypto::DigestKind;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;

namespace {

// DSA with 1024 and 224 bits, made with openssl; nobody has its private key any more.
constexpr const char* dsa_key =
    "308201bf3082013306072a8648ce3804013082012602818100af455546027161c54b44a2210699d66d4ce21e4f94c74d41cc"
    "85395bd7ce53f737c67bc16c8660c86eb5ce1c7511c272025a1383c72af82d10f94edcb5fffa2b64adcbaf75c8e78b9469be"
    "7b575d781e98916f67297c6a236b052eb385071698aeddfc252a7928373e76fb2fa8f862298b069644b7de2ea80bf12182ab"
    "53778f021d00c7a8f6882b671965bfe3525545558dc3f9c9a926e8ba8001903b80b70281807b9f56a53a000aa8364cf52173"
    "4aabee7adf77d2ecf5f752cbcf7b900c4a164273a7f63d5bd3620c55d5515e6783759991046f06fd16d29c6cbda066628611"
    "5b48ea210f22d83eb135f8ce8b34627947278ca5481e6f48e1dfa1f889e2b7c24d2d741fc80f767347a9eb8fdf486c0b3b42"
    "cd7901eb53135574163532aedf6a930381850002818100a91b6c79ee3be6f3f87b3004c691d52fab2fbee5195dbc73413a90"
    "9459f36dccf31babe21b7f22e0a285a45dff4a315900418336a9c44d0d4889aa16858996df3f974ab9e071fdbdacd46f6773"
    "e19d65ca2455c189027ca1e6adb633a68b105ce2a1cbd87e4263fb0fcd63cb3de70923df4fcea8db2c4989ec23f5ee742e08"
    "4b";
// Over "text", SHA-1, DER.
constexpr const char* dsa_value =
    "303d021c30fd377cab3e1ea7e6907b8d891097a996ea15046dc9fcb1f2d1d2ff021d009d9a08569498f25f556a8bbc545cf8"
    "4f083358679a769be717d9c95b";

}  // namespace

TEST_CASE("a value of DSA is right or wrong, in both of its forms") {
  const base::Bytes spki = base::parse_hex(dsa_key).value();
  const base::Bytes value = base::parse_hex(dsa_value).value();
  const SignatureAlgorithm algorithm{SignatureScheme::dsa, DigestKind::sha1};
  CHECK(crypto::size_of_order(spki) == 28);
  CHECK(crypto::verify_signature(spki, algorithm, "text", value, crypto::ValueForm::der));
  const base::Bytes raw = crypto::decode_ecdsa_value(value, 28).value();
  CHECK(crypto::verify_foreign_value(spki, algorithm, "text", raw) == true);
  CHECK(crypto::verify_foreign_value(spki, algorithm, "text", value) == true);
  CHECK(crypto::verify_foreign_value(spki, algorithm, "test", raw) == false);
  base::Bytes other = raw;
  other.back() = static_cast<char>(other.back() ^ 1);
  CHECK(crypto::verify_foreign_value(spki, algorithm, "text", other) == false);
  CHECK(crypto::verify_foreign_value(spki, algorithm, "text", "") == false);
  // A key of another sort makes no such value.
  CHECK_FALSE(crypto::verify_foreign_value(spki, {SignatureScheme::ecdsa, DigestKind::sha1}, "text", raw));
  CHECK_FALSE(crypto::verify_foreign_value("no key", algorithm, "text", raw));
}

TEST_CASE("nothing is signed by DSA, SHA-3 or RIPEMD-160 here") {
  const auto key = crypto::SoftKey::generate(crypto::SoftKeyKind::rsa_2048).value();
  for (const SignatureAlgorithm algorithm : {SignatureAlgorithm{SignatureScheme::dsa, DigestKind::sha256},
                                             SignatureAlgorithm{SignatureScheme::rsa_pkcs1, DigestKind::sha3_256},
                                             SignatureAlgorithm{SignatureScheme::rsa_pkcs1, DigestKind::ripemd160}}) {
    CHECK_FALSE(key.sign(algorithm, "text"));
  }
}
