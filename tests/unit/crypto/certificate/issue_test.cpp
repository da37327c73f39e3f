#include "crypto/certificate/issue.hpp"

#include <doctest/doctest.h>

#include <set>

#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/certificate_traits.hpp"
#include "crypto/certificate/pkcs12.hpp"
#include "unit/crypto/certificate/issuing.hpp"

using testing::key_of;
using testing::noon;
using testing::SmallAuthority;

TEST_CASE("serial numbers have 128 bits, are positive and never the same") {
  std::set<base::Bytes> seen;
  for (int i = 0; i < 1000; ++i) {
    const base::Bytes serial = crypto::make_serial();
    CHECK(serial.size() == 16);
    CHECK((static_cast<unsigned char>(serial.front()) & 0xc0) == 0x40);
    seen.insert(serial);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("a certificate says what its template says") {
  const SmallAuthority authority;
  auto wanted = SmallAuthority::leaf_template(key_of(crypto::KeyKind::rsa_2048));
  wanted.common_name = "Zakład Łódź";
  wanted.organization = "Praxis Dr. Wolf";
  const auto facts = crypto::parse_certificate(authority.issue(wanted)).value();
  CHECK(facts.subject == "CN=Zakład Łódź,O=Praxis Dr. Wolf");
  CHECK(facts.issuer == "CN=Test Issuing");
  CHECK(facts.serial == base::to_hex(wanted.serial));
  CHECK(facts.not_before == wanted.not_before);
  CHECK(facts.not_after == wanted.not_after);
  const auto traits = crypto::read_traits(facts.der).value();
  CHECK(traits.algorithm == "RSA 2048");
  CHECK_FALSE(traits.is_authority);
  CHECK_FALSE(traits.is_weak_digest);
}

TEST_CASE("nothing is issued with another key, a wrong serial number, or an address that could say something else") {
  const SmallAuthority authority;
  const auto good = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  CHECK(crypto::issue(good, {authority.issuing, authority.root_key}).error().code == base::Code::conflict);
  CHECK(crypto::issue(good, {"not a certificate", authority.key}).error().code == base::Code::invalid_input);
  const auto refused = [&](auto change) {
    auto wanted = good;
    change(wanted);
    const auto made = crypto::issue(wanted, {authority.issuing, authority.key});
    return !made && made.error().code == base::Code::invalid_input;
  };
  CHECK(refused([](auto& wanted) { wanted.serial = "short"; }));
  CHECK(refused([](auto& wanted) { wanted.serial = std::string(16, '\xff'); }));
  CHECK(refused([](auto& wanted) { wanted.public_key = "none"; }));
  CHECK(refused([](auto& wanted) { wanted.common_name = std::string(65, 'x'); }));
  CHECK(refused([](auto& wanted) { wanted.list_url = "http://a,URI:http://b"; }));
  CHECK(refused([](auto& wanted) { wanted.list_url = "file:///etc/passwd"; }));
  CHECK(refused([](auto& wanted) { wanted.ocsp_url = "http://a;b"; }));
  CHECK(refused([](auto& wanted) { wanted.ip_addresses = {"300.1.1.1"}; }));
}

TEST_CASE("a request proves that its sender has the key") {
  for (const crypto::KeyKind kind : crypto::all_key_kinds) {
    const auto& key = key_of(kind);
    const base::Bytes der = crypto::make_certificate_request(key, "Z1", {"z1.example"}).value();
    const auto read = crypto::read_certificate_request(der);
    REQUIRE(read);
    CHECK(read->common_name == "Z1");
    CHECK(read->public_key == key.public_key());
    CHECK(read->dns_names == std::vector<std::string>{"z1.example"});
    // EST sends base64 in lines, people send PEM.
    const std::string packed = base::to_base64(der);
    CHECK(crypto::read_certificate_request(packed.substr(0, 64) + "\r\n" + packed.substr(64)));
    CHECK(crypto::read_certificate_request("-----BEGIN CERTIFICATE REQUEST-----\n" + packed +
                                           "\n-----END CERTIFICATE REQUEST-----\n"));
  }
}

TEST_CASE("a request that was altered, is cut off, too large or something else is refused") {
  const base::Bytes der = crypto::make_certificate_request(key_of(crypto::KeyKind::ec_p256), "Z1").value();
  for (std::size_t i = 0; i < der.size(); ++i) {
    base::Bytes altered = der;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    CAPTURE(i);
    CHECK_FALSE(crypto::read_certificate_request(altered));
  }
  CHECK_FALSE(crypto::read_certificate_request(""));
  CHECK_FALSE(crypto::read_certificate_request(der.substr(0, der.size() - 1)));
  CHECK_FALSE(crypto::read_certificate_request(der + "x"));
  CHECK_FALSE(crypto::read_certificate_request(std::string(crypto::largest_request + 1, 'A')));
  CHECK_FALSE(crypto::read_certificate_request("-----BEGIN CERTIFICATE REQUEST-----"));
}

TEST_CASE("a PKCS#12 file needs the key of its certificate") {
  const SmallAuthority authority;
  const auto& key = key_of(crypto::KeyKind::ec_p256);
  const base::Bytes leaf = authority.issue(SmallAuthority::leaf_template(key));
  for (const bool is_old : {false, true}) {
    const crypto::Pkcs12 content{key, leaf, {authority.issuing, authority.root}, "Z1", is_old};
    const auto file = crypto::encode_pkcs12(content, base::Secret("pw"));
    REQUIRE(file);
    CHECK(crypto::holds_private_key(file->reveal()));
  }
  const crypto::Pkcs12 wrong{key_of(crypto::KeyKind::rsa_2048), leaf, {}, "Z1", false};
  CHECK(crypto::encode_pkcs12(wrong, base::Secret("pw")).error().code == base::Code::invalid_input);
}

TEST_CASE("certificates are packed as PKCS#7 without a signature") {
  const SmallAuthority authority;
  CHECK(crypto::pack_certificates({authority.issuing, authority.root}).value().size() > authority.root.size());
  CHECK_FALSE(crypto::pack_certificates({"nothing"}));
}
