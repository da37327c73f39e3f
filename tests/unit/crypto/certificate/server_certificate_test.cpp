#include "crypto/certificate/server_certificate.hpp"

#include "unit/crypto/certificate/issuing.hpp"

using crypto::KeyKind;
using testing::key_of;
using testing::SmallAuthority;

TEST_CASE("a server's certificate tells its names, its addresses and its key, to issue the next one") {
  const SmallAuthority authority;
  auto wanted = SmallAuthority::leaf_template(key_of(KeyKind::ec_p256));
  wanted.common_name = "id.example";
  wanted.dns_names = {"id.example", "*.clinic.example"};
  wanted.ip_addresses = {"192.168.178.93", "2001:db8::7"};
  const auto read = crypto::read_server_certificate(authority.issue(wanted));
  REQUIRE(read);
  CHECK(read->common_name == "id.example");
  CHECK(read->dns_names == wanted.dns_names);
  CHECK(read->ip_addresses == wanted.ip_addresses);
  CHECK(read->public_key == key_of(KeyKind::ec_p256).public_key());
  CHECK_FALSE(crypto::read_server_certificate("not a certificate"));
}

TEST_CASE("in a file the first certificate is the server's, and only certificates are replaced") {
  const SmallAuthority authority;
  const auto leaf = authority.issue(SmallAuthority::leaf_template(key_of(KeyKind::ec_p256)));
  const auto next = authority.issue(SmallAuthority::leaf_template(key_of(KeyKind::ec_p256)));
  const std::string key = std::string(key_of(KeyKind::ec_p256).to_pem()->reveal());
  const std::string file = "written by hand\n" + crypto::to_pem(leaf) + crypto::to_pem(authority.issuing) + key;
  CHECK(*crypto::find_leaf(file) == leaf);
  const std::string replaced = crypto::replace_certificates(file, {next, authority.issuing});
  CHECK(replaced.find(key) == 0);
  CHECK(replaced.find(crypto::to_pem(next) + crypto::to_pem(authority.issuing)) != std::string::npos);
  CHECK(replaced.find(crypto::to_pem(leaf)) == std::string::npos);
  CHECK(*crypto::find_leaf(replaced) == next);
}

TEST_CASE("the certificates of a file are listed in their order, whatever stands before and between them") {
  const SmallAuthority authority;
  const auto leaf = authority.issue(SmallAuthority::leaf_template(key_of(KeyKind::ec_p256)));
  const std::string key = std::string(key_of(KeyKind::ec_p256).to_pem()->reveal());
  const std::string one = crypto::to_pem(leaf);
  const std::string two = crypto::to_pem(authority.issuing);
  const std::string file = key + "a note\n" + one + key + two + "-----BEGIN CERTIFICATE-----\nMII";
  const auto listed = crypto::list_certificates(file);
  REQUIRE(listed.size() == 2);
  CHECK(std::string(listed[0]) + "\n" == one);
  CHECK(std::string(listed[1]) + "\n" == two);
  CHECK(*crypto::find_leaf(file) == leaf);
  CHECK(crypto::list_certificates(key).empty());
}

TEST_CASE("a file without a whole certificate has no leaf") {
  for (const char* text : {"", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMII\n-----END",
                           "-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----\n",
                           "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n"}) {
    CAPTURE(text);
    CHECK(crypto::find_leaf(text).error().code == base::Code::invalid_input);
  }
}
