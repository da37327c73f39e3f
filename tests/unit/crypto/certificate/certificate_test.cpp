#include "crypto/certificate/certificate.hpp"

#include <doctest/doctest.h>

#include "flow/certificate_pem.hpp"

TEST_CASE("a certificate is the same from DER, from PEM and from PEM with text around it") {
  const std::string pem(certificate_pem);
  const auto facts = crypto::parse_certificate(pem);
  REQUIRE(facts);
  for (const std::string& octets : {facts->der, "Subject: somebody\n" + pem + "and more text\n"}) {
    const auto again = crypto::parse_certificate(octets);
    REQUIRE(again);
    CHECK(again->fingerprint == facts->fingerprint);
    CHECK(again->subject == facts->subject);
    CHECK(again->not_after == facts->not_after);
  }
}

TEST_CASE("a certificate in DER that has the marks of PEM inside is taken as it is, and not searched for another one") {
  const auto facts = crypto::parse_certificate(certificate_pem);
  REQUIRE(facts);
  // The octet is in the signature, which is not verified here. In practice it could be in a name or an extension.
  const std::string marks = "-----BEGIN CERTIFICATE-----AA==-----END CERTIFICATE-----";
  std::string der = facts->der;
  REQUIRE(der.size() > 2 * marks.size());
  der.replace(der.size() - marks.size(), marks.size(), marks);
  const auto outer = crypto::parse_certificate(der);
  REQUIRE_MESSAGE(outer, base::describe(outer.error()));
  CHECK(outer->der == der);
  CHECK(outer->subject == facts->subject);
}
