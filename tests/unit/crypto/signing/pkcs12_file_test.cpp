#include "crypto/signing/pkcs12_file.hpp"

#include <doctest/doctest.h>
#include <openssl/pkcs12.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "crypto/certificate/pkcs12.hpp"
#include "unit/crypto/certificate/issuing.hpp"
#include "unit/crypto/signing/costly_pkcs12.hpp"

namespace {

const std::filesystem::path vectors = "/usr/lib/python3/dist-packages/cryptography_vectors/pkcs12";

base::Bytes read_file(const std::string& name) {
  const std::ifstream file(vectors / name, std::ios::binary);
  REQUIRE_MESSAGE(file, "the vectors are missing: tools/install-deps.sh");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

base::Code refusal_of(base::BytesView file, const std::string& password) {
  const auto read = crypto::read_pkcs12(file, base::Secret(password));
  REQUIRE_FALSE(read);
  return read.error().code;
}

struct Made {
  testing::SmallAuthority authority;
  const crypto::KeyPair& key = testing::key_of(crypto::KeyKind::ec_p256);
  base::Bytes certificate = authority.issue(testing::SmallAuthority::leaf_template(key));

  base::Bytes encode(const std::string& password, bool is_old = false) const {
    const auto made = crypto::encode_pkcs12({.key = key,
                                             .certificate = certificate,
                                             .chain = {authority.root, authority.issuing},
                                             .name = "anna",
                                             .is_for_old_software = is_old},
                                            base::Secret(password));
    return base::Bytes(made.value().reveal());
  }
};

}  // namespace

TEST_CASE("a file with AES or 3DES opens with its password: key, certificate, and the chain from the issuer on") {
  const Made made;
  for (const bool is_old : {false, true}) {
    const auto read = crypto::read_pkcs12(made.encode("Zażółć 1", is_old), base::Secret("Zażółć 1"));
    REQUIRE_MESSAGE(read, base::describe(read.error()));
    CHECK(read->key.public_key() == made.key.public_key());
    CHECK(read->certificate == made.certificate);
    CHECK(read->chain == std::vector<base::Bytes>{made.authority.issuing, made.authority.root});
  }
}

TEST_CASE("a wrong password, no password and another case are told as a wrong password") {
  const Made made;
  const base::Bytes file = made.encode("right");
  for (const char* wrong : {"", "Right", "right ", "wrong"}) CHECK(refusal_of(file, wrong) == base::Code::login_failed);
}

TEST_CASE("files of others open: Debian's vectors of cryptography") {
  CHECK(crypto::read_pkcs12(read_file("cert-key-aes256cbc.p12"), base::Secret("cryptography")));
  CHECK(crypto::read_pkcs12(read_file("name-all-pwd.p12"), base::Secret("password")));
  CHECK(crypto::read_pkcs12(read_file("name-all-no-pwd.p12"), base::Secret("")));
}

TEST_CASE("each flaw of a file has its own answer: no key, no certificate, RC2, too large, no file") {
  CHECK(refusal_of(read_file("cert-aes256cbc-no-key.p12"), "cryptography") == base::Code::not_found);
  CHECK(refusal_of(read_file("no-cert-key-aes256cbc.p12"), "cryptography") == base::Code::not_found);
  CHECK(refusal_of(read_file("cert-rc2-key-3des.p12"), "cryptography") == base::Code::denied);
  CHECK(refusal_of(read_file("no-password.p12"), "") == base::Code::denied);
  CHECK(refusal_of(base::Bytes(crypto::largest_pkcs12 + 1, '\x30'), "x") == base::Code::too_many);
  CHECK(refusal_of("", "x") == base::Code::invalid_input);
  CHECK(refusal_of("no file", "x") == base::Code::invalid_input);
  const Made made;
  const base::Bytes file = made.encode("right");
  CHECK(refusal_of(file + "x", "right") == base::Code::invalid_input);
  CHECK(refusal_of(file.substr(0, file.size() - 1), "right") == base::Code::invalid_input);
}

TEST_CASE("a file with many parts, of which each may have its rounds, is refused before they are paid for") {
  const Made made;
  std::string password = "of the file";
  STACK_OF(PKCS7)* parts = nullptr;
  constexpr int rounds = 0x10001;
  for (int i = 0; i < 3; ++i) {
    STACK_OF(PKCS12_SAFEBAG)* bags = sk_PKCS12_SAFEBAG_new_null();
    REQUIRE(PKCS12_add_safe(&parts, bags, NID_aes_256_cbc, rounds, password.data()) == 1);
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
  std::unique_ptr<PKCS12, decltype(&PKCS12_free)> file(PKCS12_add_safes(parts, 0), &PKCS12_free);
  sk_PKCS7_pop_free(parts, PKCS7_free);
  const auto encode = [&] {
    base::Bytes octets(static_cast<std::size_t>(i2d_PKCS12(file.get(), nullptr)), '\0');
    auto* to = reinterpret_cast<unsigned char*>(octets.data());
    i2d_PKCS12(file.get(), &to);
    return octets;
  };
  base::Bytes octets = encode();
  // 65,537 rounds become a million in each part.
  const std::string few("\x02\x03\x01\x00\x01", 5);
  const std::string many("\x02\x03\x0f\x42\x40", 5);
  for (auto at = octets.find(few); at != base::Bytes::npos; at = octets.find(few)) octets.replace(at, 5, many);
  const auto* from = reinterpret_cast<const unsigned char*>(octets.data());
  file.reset(d2i_PKCS12(nullptr, &from, static_cast<long>(octets.size())));
  REQUIRE(file);
  REQUIRE(PKCS12_set_mac(file.get(), password.c_str(), -1, nullptr, 0, 1, EVP_sha256()) == 1);
  CHECK(refusal_of(encode(), password) == base::Code::too_many);
}

TEST_CASE("a file whose rounds of key derivation would take minutes is refused before they are paid for") {
  const Made made;
  const auto read = crypto::read_pkcs12(testing::with_endless_mac(made.encode("right")), base::Secret("right"));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == base::Code::too_many);
  CHECK(read.error().reason == crypto::pkcs12_flaw::rounds);
}

TEST_CASE("what 700,000 rounds cost depends on their digest: SHA-256 is opened, a MAC by SHA-512 is not") {
  const Made made;
  const auto refusal_with = [&](int rounds, const EVP_MD* of_mac) {
    const base::Bytes file = made.encode("right");
    const auto* from = reinterpret_cast<const unsigned char*>(file.data());
    const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> opened(
        d2i_PKCS12(nullptr, &from, static_cast<long>(file.size())), &PKCS12_free);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    REQUIRE(PKCS12_parse(opened.get(), "right", &key, &certificate, nullptr) == 1);
    const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> anew(
        PKCS12_create("right", "anna", key, certificate, nullptr, NID_aes_256_cbc, NID_aes_256_cbc, rounds, -1, 0),
        &PKCS12_free);
    EVP_PKEY_free(key);
    X509_free(certificate);
    REQUIRE(anew);
    REQUIRE(PKCS12_set_mac(anew.get(), "right", -1, nullptr, 0, rounds, of_mac) == 1);
    base::Bytes octets(static_cast<std::size_t>(i2d_PKCS12(anew.get(), nullptr)), '\0');
    auto* to = reinterpret_cast<unsigned char*>(octets.data());
    i2d_PKCS12(anew.get(), &to);
    const auto read = crypto::read_pkcs12(octets, base::Secret("right"));
    return read ? std::string() : read.error().reason;
  };
  CHECK(refusal_with(700'000, EVP_sha256()).empty());
  CHECK(refusal_with(700'000, EVP_sha512()) == crypto::pkcs12_flaw::rounds);
}

TEST_CASE("a chain is only what stands above the certificate, whatever else lies beside it") {
  const Made made;
  const testing::SmallAuthority other;
  CHECK(
      crypto::list_above(made.certificate, {other.issuing, made.authority.root, other.root, made.authority.issuing}) ==
      std::vector<base::Bytes>{made.authority.issuing, made.authority.root});
  CHECK(crypto::list_above(made.certificate, {other.issuing, other.root}).empty());
  CHECK(crypto::list_above("no certificate", {made.authority.issuing}).empty());
  CHECK(crypto::list_above(made.authority.root, {made.authority.root}).empty());
}
