#include "webauthn/ceremonies.hpp"

#include <doctest/doctest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <functional>

#include "crypto/digest/digest.hpp"
#include "soft_authenticator.hpp"
#include "webauthn/authenticator_data.hpp"
#include "webauthn/cose_key.hpp"

using crypto::CoseAlgorithm;
using testing::SoftAuthenticator;
namespace cbor = testing::cbor;

namespace {

constexpr unsigned present = testing::flag_up;
constexpr unsigned verified = testing::flag_up | testing::flag_uv;

webauthn::Expected expected(bool needs_verification = true) {
  return {"challenge of 32 octets, more or so", "https://login.clinic.example", "login.clinic.example",
          needs_verification};
}

std::string created_data() {
  return testing::client_data("webauthn.create", expected().challenge, expected().origin);
}
std::string asked_data() {
  return testing::client_data("webauthn.get", expected().challenge, expected().origin);
}

/// The reason of the refusal; "" = it was accepted.
std::string refusal_of(const SoftAuthenticator& device, const std::string& client, const base::Bytes& data,
                       const webauthn::Expected& wanted = expected()) {
  const auto done =
      webauthn::verify_assertion(wanted, device.cose_key(), client, data, device.assert_with(data, client));
  return done ? std::string() : done.error().reason;
}
std::string refusal_of_new(const base::Bytes& object, const std::string& client = created_data()) {
  const auto done = webauthn::verify_registration(expected(), client, object);
  return done ? std::string() : done.error().reason;
}

base::Bytes packed(const SoftAuthenticator& device, std::int64_t algorithm, const base::Bytes& signature,
                   const base::Bytes& data, const std::vector<base::Bytes>& certificates = {}) {
  std::vector<std::pair<base::Bytes, base::Bytes>> members{{cbor::text("alg"), cbor::number(algorithm)},
                                                           {cbor::text("sig"), cbor::octets(signature)}};
  if (!certificates.empty()) members.emplace_back(cbor::text("x5c"), cbor::array(certificates));
  static_cast<void>(device);
  return SoftAuthenticator::attestation("packed", cbor::map(members), data);
}

struct CertificateWish {
  std::string unit = "Authenticator Attestation";
  bool is_ca = false;
  bool has_constraints = true;
  base::Bytes aaguid{};
  bool is_critical = false;
};
base::Bytes make_certificate(EVP_PKEY* key, const CertificateWish& wish) {
  const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
  X509* const x509 = made.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 7);
  X509_gmtime_adj(X509_getm_notBefore(x509), 0);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_NAME* name = X509_get_subject_name(x509);
  const auto add = [&](const char* field, const std::string& value) {
    X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()), -1,
                               -1, 0);
  };
  add("C", "PL"), add("O", "Test"), add("OU", wish.unit), add("CN", "Test key");
  X509_set_issuer_name(x509, name);
  X509_set_pubkey(x509, key);
  if (wish.has_constraints) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, wish.is_ca ? "CA:TRUE" : "CA:FALSE"),
        X509_EXTENSION_free);
    X509_add_ext(x509, extension.get(), -1);
  }
  if (!wish.aaguid.empty()) {
    const base::Bytes value = base::Bytes("\x04\x10") + wish.aaguid;
    const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> octets(ASN1_OCTET_STRING_new(),
                                                                                       ASN1_OCTET_STRING_free);
    ASN1_OCTET_STRING_set(octets.get(), reinterpret_cast<const unsigned char*>(value.data()),
                          static_cast<int>(value.size()));
    const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> oid(OBJ_txt2obj("1.3.6.1.4.1.45724.1.1.4", 1),
                                                                        ASN1_OBJECT_free);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), wish.is_critical ? 1 : 0, octets.get()), X509_EXTENSION_free);
    X509_add_ext(x509, extension.get(), -1);
  }
  X509_sign(x509, key, EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509, &der);
  base::Bytes out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

}  // namespace

TEST_CASE("a credential of each algorithm is registered, and its assertion is accepted") {
  for (const CoseAlgorithm algorithm : crypto::all_cose_algorithms) {
    CAPTURE(crypto::number_of(algorithm));
    SoftAuthenticator device(algorithm);
    device.aaguid = base::Bytes(16, 'a');
    const auto made = webauthn::verify_registration(expected(), created_data(), device.create());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    CHECK(made->id == device.id);
    CHECK(made->public_key == device.cose_key());
    CHECK(made->aaguid == device.aaguid);
    CHECK(made->is_verified);
    CHECK(made->attestation == webauthn::Attestation::none);
    device.count = 2;
    const base::Bytes data = device.data(verified | testing::flag_be | testing::flag_bs);
    const auto done = webauthn::verify_assertion(expected(), made->public_key, asked_data(), data,
                                                 device.assert_with(data, asked_data()));
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    CHECK(done->sign_count == 2);
    CHECK(done->is_backed_up);
  }
}

TEST_CASE("an assertion of another origin, ceremony or challenge is refused, however alike") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const base::Bytes data = device.data(verified);
  REQUIRE(refusal_of(device, asked_data(), data).empty());
  const auto with = [&](std::string_view type, base::BytesView challenge, std::string_view origin) {
    return refusal_of(device, testing::client_data(type, challenge, origin), data);
  };
  for (const char* origin :
       {"https://login.clinic.example.attacker.example", "http://login.clinic.example", "https://clinic.example",
        "https://login.clinic.example:8443", "https://login.clinic.example/", "https://LOGIN.clinic.example",
        "https://xlogin.clinic.example", "https://login.clinic.examplе", "null", ""}) {
    CAPTURE(origin);
    CHECK(with("webauthn.get", expected().challenge, origin) == "client data: another origin");
  }
  CHECK(with("webauthn.create", expected().challenge, expected().origin) == "client data: of another ceremony");
  CHECK(with("webauthn.get", "another challenge", expected().origin) == "client data: another challenge");
  CHECK(with("webauthn.get", "", expected().origin) == "client data: another challenge");
}

TEST_CASE("a page that stands in a frame of another site is refused") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const base::Bytes data = device.data(verified);
  const std::string plain = asked_data();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = plain;
    changed.replace(changed.find(from), from.size(), to);
    return refusal_of(device, changed, data);
  };
  CHECK(with(R"("crossOrigin":false)", R"("crossOrigin":true)") == "client data: in a frame of another site");
  CHECK(with(R"("crossOrigin":false)", R"("crossOrigin":"false")") == "client data: in a frame of another site");
  CHECK(with(R"("crossOrigin":false)", R"("crossOrigin":null)") == "client data: in a frame of another site");
  CHECK(with(R"(,"crossOrigin":false)", R"(,"topOrigin":"https://attacker.example")") ==
        "client data: in a frame of another site");
  CHECK(with(R"(,"crossOrigin":false)", "").empty());
  CHECK(with(R"(,"crossOrigin":false)", R"(,"new_member":{"of":"a later browser"})").empty());
}

TEST_CASE("client data with a member twice, with octets behind them or too long are refused") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const base::Bytes data = device.data(verified);
  std::string twice = asked_data();
  twice.insert(1, R"("origin":"https://attacker.example",)");
  CHECK_FALSE(refusal_of(device, twice, data).empty());
  CHECK_FALSE(refusal_of(device, asked_data() + "{}", data).empty());
  CHECK_FALSE(refusal_of(device, "", data).empty());
  CHECK_FALSE(refusal_of(device, "[]", data).empty());
  std::string padded = asked_data();
  padded.insert(padded.size() - 1, R"(,"x":")" + std::string(5000, 'x') + "\"");
  CHECK(refusal_of(device, padded, data) == "client data: too long");
}

TEST_CASE("an assertion for another relying party is refused") {
  SoftAuthenticator device(CoseAlgorithm::es256);
  for (const char* other : {"clinic.example", "login.clinic.example.attacker.example", "LOGIN.clinic.example", ""}) {
    CAPTURE(other);
    device.rp_id = other;
    CHECK(refusal_of(device, asked_data(), device.data(verified)) == "authenticator data: for another site");
  }
}

TEST_CASE("presence is always needed, and verification where it is asked for") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  CHECK(refusal_of(device, asked_data(), device.data(0)) == "authenticator data: nobody was there");
  CHECK(refusal_of(device, asked_data(), device.data(testing::flag_uv)) == "authenticator data: nobody was there");
  CHECK(refusal_of(device, asked_data(), device.data(present)) == "authenticator data: the person was not verified");
  CHECK(refusal_of(device, asked_data(), device.data(present), expected(false)).empty());
}

TEST_CASE("a backup of what cannot be backed up is refused") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  CHECK_FALSE(refusal_of(device, asked_data(), device.data(verified | testing::flag_bs)).empty());
}

TEST_CASE("the signature of another key, of other data, or of another algorithm is refused") {
  for (const CoseAlgorithm algorithm : crypto::all_cose_algorithms) {
    CAPTURE(crypto::number_of(algorithm));
    const SoftAuthenticator device(algorithm);
    const base::Bytes data = device.data(verified);
    const auto with = [&](const base::Bytes& signature) {
      const auto done = webauthn::verify_assertion(expected(), device.cose_key(), asked_data(), data, signature);
      return done ? std::string() : done.error().reason;
    };
    for (const CoseAlgorithm other : crypto::all_cose_algorithms) {
      CHECK(with(SoftAuthenticator(other).assert_with(data, asked_data())) == "assertion: a wrong signature");
    }
    const base::Bytes good = device.assert_with(data, asked_data());
    CHECK(with(good).empty());
    CHECK_FALSE(with(good + '\0').empty());
    CHECK_FALSE(with(good.substr(0, good.size() - 1)).empty());
    CHECK_FALSE(with("").empty());
    CHECK_FALSE(with(base::Bytes(good.size(), '\0')).empty());
    CHECK_FALSE(with(base::Bytes(5000, 'x')).empty());
    CHECK_FALSE(with(device.assert_with(device.data(present), asked_data())).empty());
    CHECK_FALSE(with(device.assert_with(data, created_data())).empty());
  }
}

TEST_CASE("a key is bound to its only algorithm: a key that names another one is no key") {
  const SoftAuthenticator ec(CoseAlgorithm::es256);
  const SoftAuthenticator rsa(CoseAlgorithm::rs256);
  const SoftAuthenticator ed(CoseAlgorithm::eddsa);
  const auto swapped = [](const SoftAuthenticator& device, std::int64_t to) {
    base::Bytes key = device.cose_key();
    const base::Bytes from = cbor::number(3) + cbor::number(crypto::number_of(device.algorithm()));
    return key.replace(key.find(from), from.size(), cbor::number(3) + cbor::number(to));
  };
  for (const SoftAuthenticator* device : {&ec, &rsa, &ed}) {
    CHECK(webauthn::parse_cose_key(device->cose_key()).has_value());
    for (const std::int64_t to : {-7, -8, -257, -35, -36, -37, -65535, 5, 0, 1}) {
      if (to == crypto::number_of(device->algorithm())) continue;
      CAPTURE(to);
      CHECK_FALSE(webauthn::parse_cose_key(swapped(*device, to)).has_value());
    }
  }
}

TEST_CASE("a key with another curve, a point beside the curve, a missing or a further member is refused") {
  const SoftAuthenticator ec(CoseAlgorithm::es256);
  const base::Bytes key = ec.cose_key();
  base::Bytes changed = key;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  CHECK_FALSE(webauthn::parse_cose_key(changed).has_value());
  changed = key;
  const base::Bytes curve = cbor::number(-1) + cbor::number(1);
  changed.replace(changed.find(curve), curve.size(), cbor::number(-1) + cbor::number(2));
  CHECK_FALSE(webauthn::parse_cose_key(changed).has_value());
  const auto short_map = cbor::map({{cbor::number(1), cbor::number(2)}, {cbor::number(3), cbor::number(-7)}});
  CHECK_FALSE(webauthn::parse_cose_key(short_map).has_value());
  changed = key;
  changed[0] = static_cast<char>(0xa6);
  changed += cbor::number(-4) + cbor::octets(base::Bytes(32, 'd'));  // the private part
  CHECK_FALSE(webauthn::parse_cose_key(changed).has_value());
  CHECK_FALSE(webauthn::parse_cose_key(key + '\0').has_value());
  const auto small_rsa = cbor::map({{cbor::number(1), cbor::number(3)},
                                    {cbor::number(3), cbor::number(-257)},
                                    {cbor::number(-1), cbor::octets(base::Bytes(128, '\xff'))},
                                    {cbor::number(-2), cbor::octets(base::Bytes("\x01\x00\x01", 3))}});
  CHECK_FALSE(webauthn::parse_cose_key(small_rsa).has_value());
}

TEST_CASE("self attestation is verified with the credential's own key and its own algorithm") {
  for (const CoseAlgorithm algorithm : crypto::all_cose_algorithms) {
    const SoftAuthenticator device(algorithm);
    const base::Bytes data = device.data_with_credential(verified);
    const base::Bytes good = device.assert_with(data, created_data());
    const std::int64_t own = crypto::number_of(algorithm);
    const auto made = webauthn::verify_registration(expected(), created_data(), packed(device, own, good, data));
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    CHECK(made->attestation == webauthn::Attestation::self);
    const std::int64_t other = own == -7 ? -257 : -7;
    CHECK(refusal_of_new(packed(device, other, good, data)) == "packed attestation: another algorithm");
    CHECK(refusal_of_new(packed(device, own, SoftAuthenticator(algorithm).assert_with(data, created_data()), data)) ==
          "packed attestation: a wrong signature");
    base::Bytes changed = data;
    changed[33] = static_cast<char>(changed[33] ^ 1);  // the counter
    CHECK(refusal_of_new(packed(device, own, good, changed)) == "packed attestation: a wrong signature");
  }
}

TEST_CASE("attestation by a certificate is verified, and the certificate has the form that the standard asks for") {
  SoftAuthenticator device(CoseAlgorithm::eddsa);
  device.aaguid = base::Bytes(16, 'm');
  const SoftAuthenticator maker(CoseAlgorithm::es256);
  const base::Bytes data = device.data_with_credential(verified);
  const base::Bytes good = maker.assert_with(data, created_data());
  const auto with = [&](const CertificateWish& wish, const base::Bytes& signature) {
    return refusal_of_new(packed(device, -7, signature, data, {cbor::octets(make_certificate(maker.key(), wish))}));
  };
  CHECK(with({}, good).empty());
  CertificateWish right_model;
  right_model.aaguid = device.aaguid;
  CHECK(with(right_model, good).empty());
  CHECK(with({}, device.assert_with(data, created_data())) == "packed attestation: a wrong signature");
  CertificateWish other_model;
  other_model.aaguid = base::Bytes(16, 'n');
  CHECK(with(other_model, good) == "packed attestation: the certificate of another model");
  CertificateWish critical = right_model;
  critical.is_critical = true;
  CHECK(with(critical, good) == "packed attestation: not a certificate for attestations");
  CertificateWish other_unit;
  other_unit.unit = "Sales";
  CHECK(with(other_unit, good) == "packed attestation: not a certificate for attestations");
  CertificateWish authority;
  authority.is_ca = true;
  CHECK(with(authority, good) == "packed attestation: not a certificate for attestations");
  CertificateWish without;
  without.has_constraints = false;
  CHECK(with(without, good) == "packed attestation: not a certificate for attestations");
  const base::Bytes certificate = make_certificate(maker.key(), {});
  CHECK_FALSE(refusal_of_new(packed(device, -257, good, data, {cbor::octets(certificate)})).empty());
  CHECK_FALSE(refusal_of_new(packed(device, -65535, good, data, {cbor::octets(certificate)})).empty());
  CHECK_FALSE(refusal_of_new(packed(device, -7, good, data, {cbor::octets(certificate + '\0')})).empty());
  CHECK_FALSE(refusal_of_new(packed(device, -7, good, data, {cbor::octets("")})).empty());
  CHECK_FALSE(refusal_of_new(packed(device, -7, good, data, {cbor::text("x")})).empty());
}

TEST_CASE("attestation of another format, or none with something in it, is refused") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const base::Bytes data = device.data_with_credential(verified);
  for (const char* format : {"tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "None", ""}) {
    CHECK(refusal_of_new(SoftAuthenticator::attestation(format, cbor::map({}), data)) ==
          "attestation: a format that was not asked for");
  }
  CHECK_FALSE(
      refusal_of_new(SoftAuthenticator::attestation("none", cbor::map({{cbor::text("x"), cbor::number(1)}}), data))
          .empty());
  CHECK_FALSE(refusal_of_new(SoftAuthenticator::attestation("packed", cbor::map({}), data)).empty());
}

TEST_CASE("a registration that is cut off anywhere, or longer than it says, is refused") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const base::Bytes whole = device.create();
  REQUIRE(refusal_of_new(whole).empty());
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(refusal_of_new(whole.substr(0, size)).empty());
  CHECK_FALSE(refusal_of_new(whole + '\0').empty());
  const base::Bytes data = device.data_with_credential(verified);
  for (std::size_t size = 0; size < data.size(); ++size) {
    CHECK_FALSE(webauthn::parse_authenticator_data(base::BytesView(data).substr(0, size)).has_value());
  }
  CHECK_FALSE(webauthn::parse_authenticator_data(data + '\0').has_value());
  CHECK(refusal_of_new(SoftAuthenticator::attestation("none", cbor::map({}), device.data(verified))) ==
        "attestation: without a credential");
  CHECK(refusal_of_new(whole + base::Bytes(webauthn::longest_attestation, 'x')) == "attestation: too long");
}

TEST_CASE("a credential id of no octets, or of more than 1,023, is refused") {
  SoftAuthenticator device(CoseAlgorithm::es256);
  device.id.clear();
  CHECK_FALSE(refusal_of_new(device.create()).empty());
  device.id = base::Bytes(1023, 'i');
  CHECK(refusal_of_new(device.create()).empty());
  device.id = base::Bytes(1024, 'i');
  CHECK_FALSE(refusal_of_new(device.create()).empty());
}

TEST_CASE("extensions are read as far as they end, and must be a map") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  const auto with = [&](const base::Bytes& extensions) {
    return refusal_of(device, asked_data(), device.data(verified | testing::flag_ed) + extensions);
  };
  CHECK(with(cbor::map({{cbor::text("credProtect"), cbor::number(2)}})).empty());
  CHECK_FALSE(with("").empty());
  CHECK_FALSE(with(cbor::array({})).empty());
  CHECK_FALSE(with(cbor::map({}) + '\0').empty());
  CHECK_FALSE(refusal_of(device, asked_data(), device.data(verified) + cbor::map({})).empty());
}

TEST_CASE("an assertion that carries a new credential is refused") {
  const SoftAuthenticator device(CoseAlgorithm::es256);
  CHECK(refusal_of(device, asked_data(), device.data_with_credential(verified)) == "assertion: with a new credential");
}
