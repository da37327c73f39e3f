#include <doctest/doctest.h>

#include "unit/signature/xades/xades_fixture.hpp"
#include "xml/canonicalize.hpp"

using namespace testing;
using signature::Packaging;

namespace {

const std::string letter = "<letter Id=\"whole\"><pay Id=\"pay\">10</pay></letter>";
const std::string exclusive =
    "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>";
const std::string v141 = " xmlns:v=\"http://uri.etsi.org/01903/v1.4.1#\"";

std::string stamp(const std::string& name, const std::string& inside) {
  return "<" + name + ">" + inside + "<xades:EncapsulatedTimeStamp>dG9rZW4=</xades:EncapsulatedTimeStamp></" +
         name.substr(0, name.find(' ')) + ">";
}
/// With unsigned properties.
std::string with(const std::string& text, const std::string& properties) {
  return replaced(text, "</xades:SignedProperties>",
                  "</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties>" +
                      properties + "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>");
}
std::string with_signed(const std::string& text, const std::string& properties) {
  return replaced(text, "</xades:SignedDataObjectProperties>", properties + "</xades:SignedDataObjectProperties>");
}

/// The exclusive canonical form of the first element of that name below the root.
std::string form_of(const std::string& text, std::string_view name,
                    std::string_view uri = "http://www.w3.org/2000/09/xmldsig#") {
  const auto parsed = xml::parse(text);
  REQUIRE(parsed.document);
  const auto found = parsed.document->root().find_below(uri, name);
  REQUIRE_FALSE(found.empty());
  return xml::canonicalize(*parsed.document, found.front()).value();
}
constexpr std::string_view v132 = "http://uri.etsi.org/01903/v1.3.2#";

base::Bytes digest_of(const std::string& octets) {
  return crypto::digest(crypto::DigestKind::sha256, octets);
}

}  // namespace

TEST_CASE_FIXTURE(XadesFixture,
                  "a time stamp for the archive covers contents, signature and the properties before it") {
  const std::string signature_stamp = stamp("xades:SignatureTimeStamp", exclusive);
  const std::string archive = stamp("v:ArchiveTimeStamp" + v141, exclusive);
  const std::string text = with(envelop(letter), signature_stamp + archive);
  const auto view = read(text);
  CHECK(wrong(view) == "");
  CHECK(view.level == signature::Level::lta);
  REQUIRE(view.timestamps.size() == 2);
  CHECK(view.timestamps[1].kind == signature::TimestampNote::Kind::archive);
  CHECK(view.timestamps[1].token == "token");
  const std::string expected = letter + form_of(text, "SignedProperties", v132) + form_of(text, "SignedInfo") +
                               form_of(text, "SignatureValue") + form_of(text, "KeyInfo") +
                               form_of(text, "SignatureTimeStamp", v132);
  CHECK(view.timestamps[1].find_imprint(crypto::DigestKind::sha256) == digest_of(expected));
  // In front of the other it does not cover it.
  const auto first = read(with(envelop(letter), archive + signature_stamp));
  CHECK(first.timestamps[0].find_imprint(crypto::DigestKind::sha256) !=
        view.timestamps[1].find_imprint(crypto::DigestKind::sha256));
  // So it proves nothing about the age of a time stamp behind it, which anybody may have added later.
  CHECK(read(replaced(text, "dG9rZW4=", "Zmlyc3Q=")).timestamps[1].covers("first"));
  const auto added = read(replaced_last(with(envelop(letter), archive + signature_stamp), "dG9rZW4=", "bGF0ZXI="));
  REQUIRE(added.timestamps[1].token == "later");
  CHECK_FALSE(added.timestamps[0].covers("later"));
  CHECK_FALSE(added.timestamps[0].covers("token"));
}

TEST_CASE_FIXTURE(XadesFixture,
                  "an archive's time stamp covers the objects of an enveloping signature by its version") {
  auto wanted = wish(Packaging::enveloping);
  wanted.media_type = "text/xml";
  const std::string text = sign(wanted, letter);
  const std::string object = form_of(text, "Object");
  const auto stamped = [&](const std::string& archive, const std::string& own_object) {
    const std::string made_text = with(text, archive);
    const auto view = read(made_text);
    REQUIRE(view.timestamps.size() == 1);
    const std::string expected = object + form_of(made_text, "SignedProperties", v132) +
                                 form_of(made_text, "SignedInfo") + form_of(made_text, "SignatureValue") +
                                 form_of(made_text, "KeyInfo") + own_object;
    CHECK(view.timestamps[0].find_imprint(crypto::DigestKind::sha256) == digest_of(expected));
  };
  stamped(stamp("v:ArchiveTimeStamp" + v141, exclusive), object);
  stamped(stamp("xades:ArchiveTimeStamp", exclusive), "");
}

TEST_CASE_FIXTURE(XadesFixture,
                  "time stamps over contents cover all references but the properties, or those that are named") {
  const MemoryContent one("first", "a.txt");
  const MemoryContent two("second", "b.txt");
  auto wanted = wish(Packaging::detached);
  const std::string text = sign(wanted, {&one, &two}, anna);
  const std::string id = signature::xades_id_of(wanted);
  const auto imprint = [&](const std::string& property) {
    const auto view = read(with_signed(text, property), {&one, &two});
    REQUIRE(view.timestamps.size() == 1);
    CHECK(view.timestamps[0].kind == signature::TimestampNote::Kind::content);
    CHECK(view.unknown_critical.empty());
    return view.timestamps[0].find_imprint(crypto::DigestKind::sha256);
  };
  CHECK(imprint(stamp("xades:AllDataObjectsTimeStamp", exclusive)) == digest_of("firstsecond"));
  const auto include = [&](const std::string& uri) {
    return "<xades:Include URI=\"" + uri + "\" referencedData=\"true\"/>";
  };
  CHECK(imprint(stamp("xades:IndividualDataObjectsTimeStamp", include("#" + id + "-reference-1") + exclusive)) ==
        digest_of("second"));
  CHECK_FALSE(imprint(stamp("xades:IndividualDataObjectsTimeStamp", include("#none") + exclusive)));
  CHECK_FALSE(imprint(stamp("xades:IndividualDataObjectsTimeStamp", exclusive)));
  CHECK_FALSE(imprint(stamp("xades:AllDataObjectsTimeStamp", "<ds:CanonicalizationMethod Algorithm=\"urn:none\"/>")));
}

TEST_CASE_FIXTURE(
    XadesFixture,
    "a time stamp over signature and references covers them in their order, one over references those alone") {
  const std::string refs = "<xades:CompleteCertificateRefs/><xades:CompleteRevocationRefs/>";
  const std::string text = with(envelop(letter), refs + stamp("xades:SigAndRefsTimeStamp", exclusive) +
                                                     stamp("xades:RefsOnlyTimeStamp", exclusive));
  const auto view = read(text);
  REQUIRE(view.timestamps.size() == 2);
  CHECK(view.timestamps[0].find_imprint(crypto::DigestKind::sha256) ==
        digest_of(form_of(text, "SignatureValue") + form_of(text, "CompleteCertificateRefs", v132) +
                  form_of(text, "CompleteRevocationRefs", v132)));
  CHECK(view.timestamps[0].kind == signature::TimestampNote::Kind::signature);
  CHECK(view.timestamps[1].kind == signature::TimestampNote::Kind::references);
  CHECK(view.timestamps[1].find_imprint(crypto::DigestKind::sha256) ==
        digest_of(form_of(text, "CompleteCertificateRefs", v132) + form_of(text, "CompleteRevocationRefs", v132)));
  // In front of them it covers nothing.
  const auto before = read(with(envelop(letter), stamp("xades:RefsOnlyTimeStamp", exclusive) + refs));
  CHECK_FALSE(before.timestamps[0].find_imprint(crypto::DigestKind::sha256));
}

TEST_CASE_FIXTURE(XadesFixture, "a time stamp that cannot be read is not passed over") {
  for (const char* inside :
       {"", "<xades:EncapsulatedTimeStamp>!</xades:EncapsulatedTimeStamp>", "<xades:XMLTimeStamp/>",
        "<xades:EncapsulatedTimeStamp>dG9r<!-- -->ZW4=</xades:EncapsulatedTimeStamp>"}) {
    CAPTURE(inside);
    const auto view =
        read(with(envelop(letter), "<xades:SignatureTimeStamp>" + std::string(inside) + "</xades:SignatureTimeStamp>"));
    REQUIRE(view.timestamps.size() == 1);
    CHECK(view.timestamps[0].token.empty());
  }
}

TEST_CASE_FIXTURE(XadesFixture, "embedded certificates, lists and answers are handed on as they are") {
  const auto view = read(with(envelop(letter),
                              "<xades:CertificateValues><xades:EncapsulatedX509Certificate>Y2VydA==</"
                              "xades:EncapsulatedX509Certificate></xades:CertificateValues>"
                              "<xades:RevocationValues><xades:CRLValues><xades:EncapsulatedCRLValue>Y3Js</"
                              "xades:EncapsulatedCRLValue></xades:CRLValues>"
                              "<xades:OCSPValues><xades:EncapsulatedOCSPValue>b2NzcA==</xades:EncapsulatedOCSPValue></"
                              "xades:OCSPValues></xades:RevocationValues>" +
                                  stamp("xades:SignatureTimeStamp", "")));
  CHECK(wrong(view) == "");
  CHECK(view.level == signature::Level::lt);
  CHECK(view.certificates == std::vector<base::Bytes>{anna.certificate, authority.issuing, "cert"});
  CHECK(view.lists == std::vector<base::Bytes>{"crl"});
  CHECK(view.ocsp_answers == std::vector<base::Bytes>{"ocsp"});
}
