#include <doctest/doctest.h>

#include "crypto/digest/digest.hpp"
#include "crypto/signing/ecdsa_value.hpp"
#include "signature/xades/issuer_serial.hpp"
#include "unit/signature/xades/xades_fixture.hpp"

using namespace testing;
using signature::Packaging;

namespace {

const std::string letter = "<letter Id=\"whole\"><pay Id=\"pay\" to=\"Ewa\">10</pay><note/></letter>";
const std::string ds = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

std::string flaw_of(const std::string& text) {
  return signature::read_xades(text, {}).flaw;
}

}  // namespace

TEST_CASE_FIXTURE(XadesFixture, "one octet changed in the document, the properties or the value is found") {
  const std::string text = envelop(letter);
  REQUIRE(wrong(read(text)) == "");
  CHECK(wrong(read(replaced(text, ">10<", ">90<"))) == "differs /");
  CHECK(wrong(read(replaced(text, "to=\"Ewa\"", "to=\"Eva\""))) == "differs /");
  CHECK(wrong(read(replaced(text, "<note/>", "<note/><note/>"))) == "differs /");
  CHECK(wrong(read(replaced(text, "2026-11-21T12:00:00Z", "2026-11-21T12:00:01Z"))).starts_with("differs #xades-"));
  CHECK(wrong(read(replaced(text, "xml-exc-c14n#\"></ds:CanonicalizationMethod>",
                            "xml-exc-c14n#WithComments\"></ds:CanonicalizationMethod>"))) == "value");
  const std::string value = cut(text, "-value\">", "</ds:SignatureValue>");
  const std::string other = cut(envelop("<other/>"), "-value\">", "</ds:SignatureValue>");
  CHECK(wrong(read(replaced(text, value, other))) == "value");
  // What a canonical form leaves out is not covered.
  CHECK(wrong(read(replaced(text, "<note/>", "<note></note>"))) == "");
}

TEST_CASE_FIXTURE(XadesFixture, "a document that cannot be read says why") {
  CHECK(flaw_of("") == "xml_malformed");
  CHECK(flaw_of(letter) == "xml_no_signature");
  CHECK(flaw_of("<!DOCTYPE letter>" + envelop(letter)) == "xml_dtd");
  CHECK(flaw_of("<!DOCTYPE l [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" +
                replaced(envelop(letter), ">10<", ">&e;<")) == "xml_dtd");
  CHECK(flaw_of(replaced(envelop(letter), ">10<", ">&e;<")) == "xml_malformed");
  // Another namespace is another language.
  CHECK(flaw_of("<r><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig\"/><Signature/></r>") ==
        "xml_no_signature");
  std::string many;
  for (int i = 0; i < 101; ++i) many += "<ds:Signature " + ds + "/>";
  CHECK(flaw_of("<r>" + many + "</r>") == "xml_too_many_signatures");
  xml::Limits limits;
  limits.octets = 100;
  const auto view = signature::read_xades(envelop(letter), {}, limits);
  CHECK(view.flaw == "xml_too_large");
  CHECK(view.detail == "100");
}

TEST_CASE_FIXTURE(XadesFixture, "a signature has one SignedInfo, one value, and nothing that is not foreseen") {
  const std::string text = envelop(letter);
  const std::string info = cut(text, "<ds:SignedInfo>", "</ds:SignedInfo>");
  const std::string value = cut(text, "<ds:SignatureValue", "</ds:SignatureValue>");
  const std::string key = cut(text, "<ds:KeyInfo>", "</ds:KeyInfo>");
  for (const auto& [from, to] :
       {std::pair{info, info + without_ids(info)}, std::pair{info, without_ids(value) + info},
        std::pair{value, value + without_ids(value)}, std::pair{value, without_ids(info) + value},
        std::pair{value, std::string()}, std::pair{info, std::string()}, std::pair{key, key + key},
        std::pair{key, key + "<evil/>"}, std::pair{key, "text" + key},
        std::pair{info, "<x:SignedInfo xmlns:x=\"urn:x\"/>" + info},
        std::pair{std::string("</ds:SignedInfo>"), std::string("<ds:Evil/></ds:SignedInfo>")},
        std::pair{std::string("<ds:SignatureMethod"),
                  std::string("<ds:CanonicalizationMethod Algorithm=\"x\"/><ds:SignatureMethod")},
        std::pair{std::string("<ds:DigestMethod"), std::string("<ds:DigestMethod Algorithm=\"x\"/><ds:DigestMethod")},
        std::pair{std::string("</ds:DigestValue>"), std::string("</ds:DigestValue><ds:DigestValue/>")},
        std::pair{std::string("<ds:Transforms>"), std::string("<ds:Transforms/><ds:Transforms>")}}) {
    CAPTURE(to);
    const auto view = read(replaced(text, from, to));
    CHECK(view.format_flaw == "xml_signature_structure");
  }
}

TEST_CASE_FIXTURE(XadesFixture,
                  "a comment inside of a value is refused, because programs read such a value in two ways") {
  const std::string text = envelop(letter);
  for (const char* element : {"<ds:DigestValue>", "-value\">"}) {
    CAPTURE(element);
    CHECK(read(replaced(text, element, std::string(element) + "<!-- x -->")).format_flaw == "xml_mixed_value");
    CHECK(read(replaced(text, element, std::string(element) + "<?x y?>")).format_flaw == "xml_mixed_value");
    CHECK(read(replaced(text, element, std::string(element) + "<a/>")).format_flaw == "xml_mixed_value");
    CHECK(read(replaced(text, element, std::string(element) + "!")).format_flaw == "xml_base64");
  }
  CHECK(read(replaced(text, "<xades:SigningTime>", "<xades:SigningTime><!-- x -->")).format_flaw == "xml_mixed_value");
}

TEST_CASE_FIXTURE(XadesFixture, "an id that occurs twice is refused") {
  auto wanted = wish(Packaging::detached);
  wanted.element = "/letter/pay";
  const std::string sibling = sign(wanted, letter);
  REQUIRE(wrong(read(sibling)) == "");
  for (const char* name : {"Id", "ID", "id", "xml:id"}) {
    CAPTURE(name);
    const std::string evil = "<pay " + std::string(name) + "=\"pay\" to=\"Eve\">90</pay>";
    CHECK(wrong(read(replaced(sibling, "<note/>", evil))) == "xml_duplicate_id");
    CHECK(wrong(read(replaced(sibling, "<pay ", evil + "<pay "))) == "xml_duplicate_id");
  }
  const std::string text = envelop(letter);
  const std::string properties = cut(text, "<xades:SignedProperties", "</xades:SignedProperties>");
  CHECK(wrong(read(replaced(text, properties, properties + properties))) == "xml_duplicate_id");
  // Also of ids that nobody refers to.
  CHECK(wrong(read(replaced(text, "<note/>", "<note Id=\"pay\"/>"))) == "xml_duplicate_id");
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: an element that was moved is never taken for the document") {
  // The signed element by its Id, XSW1 to XSW8 of Somorovsky et al. in the places that XML leaves.
  auto wanted = wish(Packaging::detached);
  wanted.element = "/letter/pay";
  const std::string sibling = sign(wanted, letter);
  const std::string pay = cut(sibling, "<pay ", "</pay>");
  const std::string seal = cut(sibling, "<ds:Signature ", "</ds:Signature>");
  const std::string evil = "<pay Id=\"evil\" to=\"Eve\">90</pay>";
  const auto with_seal = [&](const std::string& changed) { return replaced(sibling, pay + seal, changed); };
  struct Case {
    const char* name;
    std::string text;
    const char* scope;
  };
  const std::string object = "<ds:Object>" + pay + "</ds:Object></ds:Signature>";
  for (const Case& one :
       {Case{"evil in place, signed one behind it", with_seal(evil + pay + seal), "element:/letter/pay[2]"},
        Case{"evil in place, signed one in front", with_seal(pay + evil + seal), "element:/letter/pay[1]"},
        Case{"evil around the signed one", with_seal("<pay Id=\"evil\">" + pay + "</pay>" + seal),
             "element:/letter/pay/pay"},
        Case{"evil around both", with_seal("<pay Id=\"evil\">" + pay + seal + "</pay>"), "element:/letter/pay/pay"},
        Case{"signed one in an unknown element", with_seal(evil + "<x:w xmlns:x=\"urn:x\">" + pay + "</x:w>" + seal),
             "element:/letter/x:w/pay"},
        Case{"signed one in an object of the signature", with_seal(evil + replaced(seal, "</ds:Signature>", object)),
             "element:/letter/ds:Signature/ds:Object[2]/pay"},
        Case{"signed one in an object of another element",
             with_seal(evil + seal + "<ds:Object " + ds + ">" + pay + "</ds:Object>"), "element:/letter/ds:Object/pay"},
        Case{"a new root", "<letter>" + evil + "<old>" + sibling + "</old></letter>",
             "element:/letter/old/letter/pay"}}) {
    CAPTURE(one.name);
    const auto view = read(one.text);
    CHECK(view.format_flaw.empty());
    CHECK(scope_of(view) == one.scope);
  }
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: an enveloped signature does not move into another document") {
  const std::string text = envelop(letter);
  const std::string seal = cut(text, "<ds:Signature ", "</ds:Signature>");
  for (const std::string& evil :
       {"<letter><pay to=\"Eve\">90</pay>" + seal + "</letter>",
        "<letter><pay to=\"Eve\">90</pay><old>" + text + "</old></letter>",
        "<letter><pay to=\"Eve\">90</pay><ds:Object " + ds + ">" + text + "</ds:Object></letter>",
        "<letter>" + replaced(seal, "</ds:Signature>", "<ds:Object>" + letter + "</ds:Object></ds:Signature>") +
            "</letter>"}) {
    CAPTURE(evil);
    const auto views = read_all(evil);
    for (const auto& view : views) CHECK(wrong(view) == "differs /");
  }
  // The document inside of its own signature: nothing is left that is covered.
  const auto inside = read(replaced(seal, "</ds:Signature>", "<ds:Object>" + letter + "</ds:Object></ds:Signature>"));
  CHECK_FALSE(wrong(inside).empty());
  // By Id, the old document inside of a new one is a part of it.
  auto wanted = wish(Packaging::detached);
  wanted.element = "/r/letter";
  const std::string by_id = sign(wanted, "<r>" + letter + "</r>");
  CHECK(scope_of(read(by_id)) == "element:/r/letter");
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: a signature that is the document and takes itself out covers nothing") {
  // What an honest signer would never sign, and a verifier must not call the whole document.
  const MemoryContent content(letter, "letter.xml");
  auto wanted = wish(Packaging::detached);
  const std::string text = sign(wanted, {&content}, anna);
  const std::string nothing =
      replaced(text, "URI=\"letter.xml\">",
               "URI=\"\"><ds:Transforms><ds:Transform "
               "Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/></ds:Transforms>");
  const std::string empty = base::to_base64(crypto::digest(crypto::DigestKind::sha256, ""));
  const std::string digest = cut(nothing, "<ds:DigestValue>", "</ds:DigestValue>");
  const auto view = read(replaced(nothing, digest, "<ds:DigestValue>" + empty + "</ds:DigestValue>"));
  CHECK(view.scope.empty());
  CHECK(wrong(view) == "missing ");
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: signed properties count only in the signature's own object") {
  const std::string text = envelop(letter);
  const std::string object = cut(text, "<ds:Object>", "</ds:Object>");
  const std::string qualifying = cut(object, "<xades:QualifyingProperties", "</xades:QualifyingProperties>");
  const std::string properties = cut(object, "<xades:SignedProperties", "</xades:SignedProperties>");
  const std::string evil = replaced(replaced(qualifying, "2026-11-21", "2020-01-01"), "-properties\"", "-other\"");
  // The signed ones are moved away, others take their place.
  const std::string away = replaced(text, object, "<ds:Object>" + evil + "</ds:Object>");
  CHECK(wrong(read(replaced(away, "<note/>", "<note/><ds:Object " + ds + ">" + qualifying + "</ds:Object>"))) ==
        "xades_properties_elsewhere");
  const std::string alone = replaced(properties, "<xades:SignedProperties",
                                     "<xades:SignedProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" " + ds);
  CHECK(wrong(read(replaced(away, "<note/>", alone))) == "xades_properties_elsewhere");
}

TEST_CASE_FIXTURE(XadesFixture, "the properties of a signature are one block with the right target") {
  const std::string text = envelop(letter);
  const std::string object = cut(text, "<ds:Object>", "</ds:Object>");
  const std::string qualifying = cut(object, "<xades:QualifyingProperties", "</xades:QualifyingProperties>");
  const std::string properties = cut(object, "<xades:SignedProperties", "</xades:SignedProperties>");
  const std::string target = cut(qualifying, "Target=\"", "\">");
  CHECK(wrong(read(replaced(text, target, "Target=\"#whole\">"))) == "xades_target");
  CHECK(wrong(read(replaced(text, target, "Target=\"urn:other#pay\">"))) == "xades_target");
  // One that leads nowhere changes nothing, because the properties stand in the signature that signs them.
  for (const std::string& other : {std::string(">"), "Target=\"" + target.substr(9), std::string("Target=\"#none\">"),
                                   "Target=\"letter.xml" + target.substr(8)}) {
    CAPTURE(other);
    const auto view = read(replaced(text, target, other));
    CHECK(wrong(view) == "");
    CHECK_FALSE(view.is_baseline);
  }
  CHECK(read(text).is_baseline);
  const std::string empty = replaced(qualifying, properties, "");
  CHECK(wrong(read(replaced(text, qualifying, qualifying + empty))) == "xades_structure");
  CHECK(wrong(read(replaced(text, object, object + "<ds:Object>" + empty + "</ds:Object>"))) == "xades_structure");
  CHECK(wrong(read(replaced(text, qualifying, empty))) == "xades_structure");
  CHECK(wrong(read(replaced(text, "<ds:Object>" + qualifying, "<ds:Object><x>" + qualifying + "</x>"))) ==
        "xades_properties_elsewhere");
  CHECK(wrong(read(replaced(text, "<ds:Object>" + qualifying,
                            "<ds:Object><q:QualifyingPropertiesReference xmlns:q=\"http://uri.etsi.org/01903/v1.3.2#\" "
                            "URI=\"http://127.0.0.1/\"/>" +
                                qualifying))) == "xades_properties_by_reference");
  // A reference of that type that leads elsewhere, and properties that no reference covers.
  const std::string last = "URI=\"#xades-" + std::string("0123456789abcdef-1-properties\"");
  CHECK(wrong(read(replaced(text, last, "URI=\"#whole\""))) == "xades_properties_elsewhere");
  CHECK(wrong(read(replaced(replaced(text, last, "URI=\"#pay\""),
                            " Type=\"http://uri.etsi.org/01903#SignedProperties\"", ""))) ==
        "xades_properties_not_signed");
  const std::string reference =
      text.substr(text.rfind("<ds:Reference "), text.rfind("</ds:Reference>") + 15 - text.rfind("<ds:Reference "));
  CHECK(wrong(read(replaced(text, reference, ""))) == "xades_properties_not_signed");
  CHECK(
      wrong(read(replaced(text, "<xades:SignedSignatureProperties>", "<xades:Evil/><xades:SignedSignatureProperties>")))
          .starts_with("xades_structure"));
}

TEST_CASE_FIXTURE(XadesFixture, "a transform outside of the list is refused by its kind") {
  const std::string text = envelop(letter);
  const std::string transform = cut(text, "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999", "</ds:Transform>");
  const auto with = [&](const std::string& other) { return read(replaced(text, transform, other)); };
  CHECK(
      with("<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><x/></ds:Transform>").format_flaw ==
      "xml_transform_xslt");
  CHECK(with("<ds:Transform Algorithm=\"urn:x\"/>").format_flaw == "xml_transform");
  CHECK(with("<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xpointer\"/>").format_flaw == "xml_transform");
  CHECK(with(replaced(transform, "not(ancestor-or-self::ds:Signature)", "here()")).format_flaw ==
        "xml_transform_xpath");
  CHECK(with(replaced(transform, "not(ancestor-or-self::ds:Signature)", "true()")).format_flaw ==
        "xml_transform_xpath");
  CHECK(with("<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>").format_flaw == "xml_base64");
  const auto inclusive = with("<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>");
  CHECK(wrong(inclusive) == "value");  // the same octets, but another SignedInfo
  CHECK(inclusive.transforms.front() == "http://www.w3.org/2000/09/xmldsig#enveloped-signature");
}

TEST_CASE_FIXTURE(XadesFixture, "a reference reaches neither a network, nor a file, nor a part by an expression") {
  const std::string text = envelop(letter);
  const auto with = [&](const std::string& uri) { return wrong(read(replaced(text, "URI=\"\"", uri))); };
  for (const char* uri :
       {"http://127.0.0.1:1/", "file:///etc/passwd", "/etc/passwd", "../x", "ftp://x/", "data:,x", "letter.xml"})
    CHECK(with("URI=\"" + std::string(uri) + "\"") == "missing " + std::string(uri));
  CHECK(with("") == "missing ");
  CHECK(with("URI=\"#none\"") == "missing #none");
  CHECK(with("URI=\"#xpointer(id('none'))\"") == "missing #xpointer(id('none'))");
  for (const char* uri : {"#", "#xpointer(//pay)", "#xpointer(id('pay')/..)", "#element(/1)", "#xmlns(a=b)xpointer(/)",
                          "#xpointer(here())"}) {
    CAPTURE(uri);
    CHECK(with("URI=\"" + std::string(uri) + "\"") == "xml_uri");
  }
  // With comments, or by Id: other octets, or the same and another SignedInfo.
  CHECK(with("URI=\"#xpointer(/)\"") == "value");
  CHECK(with("URI=\"#whole\"") == "value");
  CHECK(scope_of(read(replaced(text, "URI=\"\"", "URI=\"#whole\""))) == "full");
  CHECK(with("URI=\"#pay\"") == "differs #pay");
}

TEST_CASE_FIXTURE(XadesFixture, "keyed digests, cut values and unknown algorithms are no signatures") {
  const std::string text = envelop(letter);
  const std::string method = cut(text, "<ds:SignatureMethod", "</ds:SignatureMethod>");
  const auto with = [&](const std::string& other) { return read(replaced(text, method, other)); };
  CHECK(with("<ds:SignatureMethod "
             "Algorithm=\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\"><ds:HMACOutputLength>0</ds:HMACOutputLength></"
             "ds:SignatureMethod>")
            .format_flaw == "xml_hmac_truncation");
  CHECK(with("<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256\"/>").format_flaw ==
        "xml_hmac");
  const auto unknown = with("<ds:SignatureMethod Algorithm=\"urn:none\"/>");
  CHECK_FALSE(unknown.algorithm);
  CHECK(unknown.algorithm_name == "urn:none");
  CHECK_FALSE(unknown.is_value_right);
  CHECK(wrong(with("<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>")) ==
        "value");
  CHECK(wrong(with("<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512\"/>")) ==
        "value");
  const auto digest = read(replaced(text, "xmlenc#sha256", "xmlenc#sha257"));
  CHECK(digest.digests.front() == "http://www.w3.org/2001/04/xmlenc#sha257");
  // It cannot be compared, so nothing is known to differ, and nothing is known to be right.
  CHECK(digest.unknown_digest == "http://www.w3.org/2001/04/xmlenc#sha257");
  CHECK_FALSE(digest.are_digests_right);
  CHECK(digest.wrong_digest.empty());
  CHECK(digest.scope.empty());
  CHECK(read(replaced(replaced(text, "xmlenc#sha256", "xmlenc#sha257"), "SigningTime>2026", "SigningTime>2025"))
            .wrong_digest.starts_with("#xades-"));
  const auto form =
      read(replaced(text, "xml-exc-c14n#\"></ds:CanonicalizationMethod>", "xml-none#\"></ds:CanonicalizationMethod>"));
  CHECK(form.format_flaw == "xml_canonicalization");
  CHECK_FALSE(form.is_value_right);
}

TEST_CASE_FIXTURE(XadesFixture, "RSA-PSS with parameters counts only with those that are known") {
  const Signer piotr = make_signer(authority, "Piotr", crypto::SoftKeyKind::rsa_2048);
  auto wanted = wish(Packaging::enveloped);
  wanted.certificate = piotr.certificate;
  wanted.algorithm = {crypto::SignatureScheme::rsa_pss, crypto::DigestKind::sha384};
  const MemoryContent content(letter);
  const std::string text = sign(wanted, {&content}, piotr);
  const auto algorithm = [&](const std::string& parameters) {
    return read(replaced(text, "xmldsig-more#sha384-rsa-MGF1\">", "xmldsig-more#rsa-pss\">" + parameters)).algorithm;
  };
  const std::string start = "<p:RSAPSSParams xmlns:p=\"http://www.w3.org/2007/05/xmldsig-more#\">";
  const std::string digest = "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#sha384\"/>";
  const std::string mask = "<p:MaskGenerationFunction Algorithm=\"http://www.w3.org/2007/05/xmldsig-more#MGF1\">" +
                           digest + "</p:MaskGenerationFunction>";
  const std::string end = "</p:RSAPSSParams>";
  CHECK(algorithm("") == crypto::SignatureAlgorithm{crypto::SignatureScheme::rsa_pss, crypto::DigestKind::sha256});
  CHECK(algorithm(start + digest + mask + "<p:SaltLength>48</p:SaltLength><p:TrailerField>1</p:TrailerField>" + end) ==
        wanted.algorithm);
  CHECK_FALSE(algorithm(start + digest + mask + "<p:SaltLength>20</p:SaltLength>" + end));
  CHECK_FALSE(algorithm(start + digest + mask + "<p:TrailerField>2</p:TrailerField>" + end));
  CHECK_FALSE(algorithm(start + digest + end));  // the mask's digest is SHA-256 then
  CHECK_FALSE(algorithm("<x/>"));
}

TEST_CASE_FIXTURE(XadesFixture,
                  "the certificate is the one that the signed properties name, never one of KeyInfo alone") {
  const std::string text = envelop(letter);
  const Signer eve = make_signer(authority, "Eve", crypto::SoftKeyKind::ec_p384);
  const std::string certificate = base::to_base64(anna.certificate);
  // Another one in front changes nothing.
  const auto more = read(replaced(
      text, "<ds:X509Certificate>",
      "<ds:X509Certificate>" + base::to_base64(eve.certificate) + "</ds:X509Certificate><ds:X509Certificate>"));
  CHECK(wrong(more) == "");
  CHECK(more.certificate == anna.certificate);
  // Without it there is none.
  const auto gone = read(replaced(text, certificate, base::to_base64(eve.certificate)));
  CHECK(wrong(gone) == "certificate");
  CHECK_FALSE(gone.is_value_right);
  const auto key_only = read(replaced(text, cut(text, "<ds:X509Data>", "</ds:X509Data>"), "<ds:KeyValue/>"));
  CHECK(key_only.certificate.empty());
  CHECK_FALSE(key_only.is_value_right);
}

TEST_CASE_FIXTURE(XadesFixture, "a signature without properties is plain XML-DSig and says so") {
  const std::string text = envelop(letter);
  const std::string object = cut(text, "<ds:Object>", "</ds:Object>");
  const std::string reference =
      text.substr(text.rfind("<ds:Reference "), text.rfind("</ds:Reference>") + 15 - text.rfind("<ds:Reference "));
  const auto view = read(replaced(replaced(text, object, ""), reference, ""));
  CHECK(view.format == "XMLDSig");
  CHECK(view.format_flaw.empty());
  CHECK_FALSE(view.has_certificate_reference);
  CHECK_FALSE(view.is_baseline);
  CHECK(view.certificate == anna.certificate);
  CHECK(view.are_digests_right);
  CHECK_FALSE(view.is_value_right);
  CHECK(wrong(read(replaced(text, object, ""))) == "xades_properties_elsewhere");
}

TEST_CASE_FIXTURE(XadesFixture, "an object that nobody signed is not covered by an enveloping signature") {
  auto wanted = wish(Packaging::enveloping);
  wanted.media_type = "text/xml";
  const std::string text = sign(wanted, letter);
  REQUIRE(scope_of(read(text)) == "full");
  const auto more = read(replaced(text, "</ds:Signature>",
                                  "<ds:Object><letter><pay to=\"Eve\">90</pay></letter></ds:Object></ds:Signature>"));
  CHECK(wrong(more) == "");
  CHECK(scope_of(more) == "element:/ds:Signature/ds:Object[1]");
  const auto wrapped =
      read("<letter><pay to=\"Eve\">90</pay>" + cut(text, "<ds:Signature ", "</ds:Signature>") + "</letter>");
  CHECK(wrong(wrapped) == "");
  CHECK(scope_of(wrapped) == "element:/letter/ds:Signature/ds:Object[1]");
  // Inside of an enveloped signature it is a part of the document that nobody signed.
  const std::string enveloped = envelop(letter);
  CHECK(scope_of(read(enveloped)) == "full");
  const std::string hidden =
      replaced(enveloped, "</ds:Signature>", "<ds:Object><pay to=\"Eve\">90</pay></ds:Object></ds:Signature>");
  CHECK(scope_of(read(hidden)) == "element:/letter");
  // A root that holds nothing else.
  const std::string seal = cut(text, "<ds:Signature ", "</ds:Signature>");
  CHECK(scope_of(read("<Signatures>\n" + seal + "</Signatures>")) == "full");
  CHECK(scope_of(read("<Signatures>evil" + seal + "</Signatures>")).starts_with("element:"));
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: a root that nobody signed counts for nothing only if it says nothing") {
  auto wanted = wish(Packaging::enveloping);
  wanted.media_type = "text/xml";
  const std::string seal = cut(sign(wanted, letter), "<ds:Signature ", "</ds:Signature>");
  for (const char* name : {"Signatures", "XAdESSignatures", "document-signatures"}) {
    CHECK(scope_of(read("<" + std::string(name) + ">" + seal + "</" + name + ">")) == "full");
  }
  for (const std::string& wrapped :
       {"<letter>" + seal + "</letter>", "<pay to=\"Eve\" amount=\"90\">" + seal + "</pay>",
        "<Signatures to=\"Eve\">" + seal + "</Signatures>", "<?xml-stylesheet href=\"evil.xsl\"?>" + seal,
        "<Signatures>" + seal + "</Signatures><?pay Eve?>", "<Signatures><?pay Eve?>" + seal + "</Signatures>"}) {
    CAPTURE(wrapped.substr(0, 60));
    const auto view = read(wrapped);
    CHECK(wrong(view) == "");
    CHECK(scope_of(view).starts_with("element:"));
  }
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: content that hides in an unsigned place of a signature is not covered") {
  const std::string text = envelop(letter);
  REQUIRE(scope_of(read(text)) == "full");
  const std::string evil = "<pay to=\"Eve\">90</pay>";
  const std::string end = "</xades:SignedProperties>";
  const auto with_unsigned = [&](const std::string& inside) {
    return replaced(text, end, end + "<xades:UnsignedProperties>" + inside + "</xades:UnsignedProperties>");
  };
  const auto with_property = [&](const std::string& inside) {
    return with_unsigned("<xades:UnsignedSignatureProperties>" + inside + "</xades:UnsignedSignatureProperties>");
  };
  for (const std::string& hidden :
       {replaced(text, "</ds:KeyInfo>", evil + "</ds:KeyInfo>"),
        replaced(text, "</ds:X509Data>", evil + "</ds:X509Data>"),
        replaced(text, "</ds:KeyInfo>", "Pay Eve 90</ds:KeyInfo>"),
        replaced(text, "</ds:KeyInfo>", "<?pay Eve?></ds:KeyInfo>"),
        replaced(text, "</xades:QualifyingProperties>", "Pay Eve 90</xades:QualifyingProperties>"), with_unsigned(evil),
        with_property(evil), with_property("<xades:CounterSignature>" + evil + "</xades:CounterSignature>"),
        with_property("<xades:CertificateValues><x:y xmlns:x=\"urn:x\"/></xades:CertificateValues>")}) {
    CAPTURE(hidden);
    const auto view = read(hidden);
    CHECK(wrong(view) == "");
    CHECK(scope_of(view) == "element:/letter");
  }
  // What belongs there is no content, whoever put it there.
  CHECK(scope_of(read(with_property("<xades:CertificateValues/><xades:RevocationValues/>"))) == "full");
  CHECK(scope_of(read(replaced(text, "</ds:KeyInfo>", "<ds:KeyName>Anna</ds:KeyName></ds:KeyInfo>"))) == "full");
  // Nobody reads the second of two lists, and so no counter-signature in it.
  CHECK(wrong(read(with_unsigned("<xades:UnsignedSignatureProperties/><xades:UnsignedSignatureProperties/>"))) ==
        "xades_structure");
}

TEST_CASE_FIXTURE(XadesFixture, "wrapping: of elements below base64 only their text is covered") {
  const std::string text = sign(wish(Packaging::enveloping), letter);
  REQUIRE(scope_of(read(text)) == "full");
  const std::string octets = base::to_base64(letter);
  for (const std::string& evil : {"<pay to=\"Eve\"/>" + octets, "<pay>" + octets + "</pay>",
                                  octets.substr(0, 8) + "<pay>" + octets.substr(8) + "</pay>"}) {
    CAPTURE(evil);
    const auto view = read(replaced(text, octets, evil));
    CHECK(wrong(view) == "");
    CHECK(scope_of(view).starts_with("element:"));
  }
  CHECK(scope_of(read(replaced(text, octets, octets.substr(0, 8) + "\n" + octets.substr(8)))) == "full");
}

TEST_CASE_FIXTURE(XadesFixture,
                  "an instruction beside the root is covered with the document, not with its root element") {
  const std::string instruction = "<?xml-stylesheet href=\"evil.xsl\"?>";
  CHECK(wrong(read(instruction + envelop(letter))) == "differs /");
  const std::string by_id = replaced(sign(wish(Packaging::enveloped), letter), "URI=\"\"", "URI=\"#whole\"");
  // Only its value is wrong now: what it covers is the root by its Id.
  CHECK(scope_of(read(by_id)) == "full");
  CHECK(scope_of(read(instruction + by_id)) == "element:/letter");
}

TEST_CASE_FIXTURE(XadesFixture, "a file beside a signature that covers none is told") {
  const MemoryContent contract("Dear Eve, you get 90.", "contract.txt");
  CHECK(read(envelop(letter)).uncovered.empty());
  CHECK(read(envelop(letter), {&contract}).uncovered == "contract.txt");
  CHECK(read(sign(wish(Packaging::enveloping), letter), {&contract}).uncovered == "contract.txt");
  const MemoryContent content(letter, "letter.xml");
  const std::string apart = sign(wish(Packaging::detached), {&content}, anna);
  CHECK(read(apart, {&content}).uncovered.empty());
  CHECK(wrong(read(apart, {&contract})) == "differs contract.txt");
  CHECK(read(apart, {&content, &contract}).uncovered == "contract.txt");
}

TEST_CASE_FIXTURE(XadesFixture, "an issuer is the same name whatever type of string it is written in") {
  namespace der = crypto::der;
  const auto parts = crypto::cms::read_certificate_parts(anna.certificate).value();
  const base::Bytes usual = signature::make_issuer_serial(parts);
  const auto altered = [&](char from, char to, std::size_t skipped) {
    base::Bytes other = usual;
    const std::size_t at = other.find(base::Bytes(1, from) + static_cast<char>(12) + "Test Issuing");
    REQUIRE(at != base::Bytes::npos);
    other[at + skipped] = to;
    return other;
  };
  CHECK(signature::is_issuer_serial_of(usual, parts));
  CHECK(signature::is_issuer_serial_of(altered(der::utf8_string, 0x13, 0), parts));
  CHECK_FALSE(signature::is_issuer_serial_of(altered(der::utf8_string, 'B', 2), parts));
  base::Bytes number = usual;
  number.back() = static_cast<char>(number.back() ^ 1);
  CHECK_FALSE(signature::is_issuer_serial_of(number, parts));
  CHECK_FALSE(signature::is_issuer_serial_of(usual + '\0', parts));
  CHECK_FALSE(signature::is_issuer_serial_of("", parts));
  CHECK_FALSE(signature::is_issuer_serial_of(der::make(der::sequence, ""), parts));
}

TEST_CASE_FIXTURE(XadesFixture, "a signed property that nobody knows is told, and time zones are read") {
  const std::string text = envelop(letter);
  CHECK(read(replaced(text, "</xades:SignedSignatureProperties>",
                      "<x:y xmlns:x=\"urn:x\"/></xades:SignedSignatureProperties>"))
            .unknown_critical == "x:y");
  const auto at = [&](const std::string& time) { return read(replaced(text, "2026-11-21T12:00:00Z", time)); };
  CHECK(at("2026-11-21T13:00:00+01:00").claimed_at == noon);
  CHECK(at("2026-11-21T06:30:00.000-05:30").claimed_at == noon);
  CHECK(at(" 2026-11-21T12:00:00 ").claimed_at == noon);
  for (const char* time :
       {"", "yesterday", "2026-11-21", "2026-11-21T12:00:00+1", "2026-13-21T12:00:00Z", "2026-11-21T12:00:00+99:00"}) {
    CAPTURE(time);
    CHECK_FALSE(at(time).claimed_at);
    CHECK(wrong(at(time)) == "xades_structure");
  }
}

TEST_CASE_FIXTURE(XadesFixture, "references and work are limited") {
  const std::string text = envelop(letter);
  const std::string reference = cut(text, "<ds:Reference ", "</ds:Reference>");
  std::string many;
  for (int i = 0; i < 100; ++i) many += replaced(reference, "reference-0", "r" + std::to_string(i));
  const auto view = read(replaced(text, reference, reference + many));
  CHECK(view.format_flaw == "xml_too_many_references");
  // A document of 4 MiB, and forty references to all of it: 160 MiB of work.
  std::string forty;
  for (int i = 0; i < 40; ++i) forty += replaced(reference, "reference-0", "r" + std::to_string(i));
  const std::string large =
      replaced(replaced(text, reference, reference + forty), ">10<", ">" + std::string(4'000'000, 'x') + "<");
  CHECK(read(large).format_flaw == "xml_too_much_work");
  // Few octets, and many namespaces in scope of many elements.
  std::string declared;
  for (int i = 0; i < 200; ++i) declared += " xmlns:n" + std::to_string(i) + "=\"urn:" + std::to_string(i) + "\"";
  std::string inside;
  for (int i = 0; i < 2'000; ++i) inside += "<a/>";
  const std::string dense =
      replaced(replaced(text, reference, reference + forty), "<note/>", "<note" + declared + ">" + inside + "</note>");
  CHECK(read(dense).format_flaw == "xml_too_much_work");
}

TEST_CASE_FIXTURE(XadesFixture, "entries of a manifest count apart, and one that is at hand must be right") {
  // A manifest in an object, referenced by type; its signature is made anew by hand.
  const std::string digest = base::to_base64(crypto::digest(crypto::DigestKind::sha256, "scan"));
  const std::string manifest =
      "<ds:Manifest " + ds +
      " Id=\"m\"><ds:Reference URI=\"scan.pdf\"><ds:DigestMethod "
      "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>" +
      digest + "</ds:DigestValue></ds:Reference></ds:Manifest>";
  auto wanted = wish(Packaging::enveloping);
  wanted.media_type = "text/xml";
  const std::string text = replaced(sign(wanted, manifest), "xmldsig#Object\"", "xmldsig#Manifest\"");
  const MemoryContent scan("scan", "scan.pdf");
  const MemoryContent altered("scam", "scan.pdf");
  const auto good = read(text, {&scan});
  CHECK(good.are_digests_right);
  CHECK(scope_of(good).find("manifest:scan.pdf") != std::string::npos);
  const auto bad = read(text, {&altered});
  CHECK_FALSE(bad.are_digests_right);
  CHECK(bad.wrong_digest == "scan.pdf");
  CHECK(scope_of(read(text)).find("manifest") == std::string::npos);
}

TEST_CASE_FIXTURE(XadesFixture, "a document in ISO-8859-2 is signed and read, and each of its octets counts") {
  const std::string head = "<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?>\n";
  auto wanted = wish(Packaging::enveloped);
  wanted.role = "Lekarz \xC5\x81\xE2\x82\xAC";  // the euro sign is not in ISO-8859-2
  const std::string text = sign(wanted, head + "<list><kto>Pawe\xB3</kto></list>");
  CHECK(text.starts_with(head + "<list><kto>Pawe\xB3</kto>"));
  const auto view = read(text);
  CHECK(wrong(view) == "");
  CHECK(scope_of(view) == "full");
  CHECK(view.role == wanted.role);
  CHECK(wrong(read(replaced(text, "Pawe\xB3", "Pawe\xE6"))) == "differs /");
  // The same octets under another name are another text.
  CHECK(wrong(read(replaced(text, "ISO-8859-2", "ISO-8859-1"))) == "differs /");
}

TEST_CASE_FIXTURE(XadesFixture, "a value of ECDSA is right in the forms of other programs, and no other octets are") {
  const std::string text = envelop(letter);
  const std::string value = cut(text, "-value\">", "</ds:SignatureValue>");
  const base::Bytes raw = base::parse_base64(value.substr(8, value.size() - 8 - 20)).value();
  const auto with = [&](const base::Bytes& octets) {
    return wrong(read(replaced(text, value, "-value\">" + base::to_base64(octets) + "</ds:SignatureValue>")));
  };
  const base::Bytes zeros(2, '\0');
  REQUIRE(with(raw) == "");
  CHECK(with(zeros + raw.substr(0, 32) + zeros + raw.substr(32)) == "");
  CHECK(with(crypto::encode_ecdsa_value(raw).value()) == "");
  CHECK(with(raw + raw) == "value");
  CHECK(with(zeros + raw) == "value");
  CHECK(with(raw.substr(1)) == "value");
  CHECK(with(crypto::encode_ecdsa_value(raw).value() + zeros) == "value");
  CHECK(with(raw.substr(32) + raw.substr(0, 32)) == "value");
}

TEST_CASE_FIXTURE(XadesFixture, "a key without a certificate says whether the value is right, and not who signed") {
  // ds:KeyValue in place of the certificate, and no properties that would name one.
  const std::string key = base::to_base64(anna.key.public_key());
  const std::string pay = "<ds:Object " + ds + " Id=\"o\"><pay>10</pay></ds:Object>";
  const std::string info =
      "<ds:SignedInfo " + ds +
      "><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
      "</ds:CanonicalizationMethod><ds:SignatureMethod "
      "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\">"
      "</ds:SignatureMethod><ds:Reference URI=\"#o\"><ds:Transforms><ds:Transform "
      "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod "
      "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>" +
      base::to_base64(crypto::sha256(pay)) + "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
  const base::Bytes value = crypto::convert_value(anna.key.public_key(), anna.sign(ecdsa_256, info),
                                                  crypto::ValueForm::der, crypto::ValueForm::raw)
                                .value();
  const std::string text = "<ds:Signature " + ds + ">" + info + "<ds:SignatureValue>" + base::to_base64(value) +
                           "</ds:SignatureValue><ds:KeyInfo><d:DEREncodedKeyValue "
                           "xmlns:d=\"http://www.w3.org/2009/xmldsig11#\">" +
                           key + "</d:DEREncodedKeyValue></ds:KeyInfo>" + pay + "</ds:Signature>";
  const auto view = read(text);
  CHECK(wrong(view) == "");
  CHECK(view.is_value_checked);
  CHECK(view.certificate.empty());
  CHECK(wrong(read(replaced(text, ">10<", ">90<"))) == "differs #o");
  const auto without = read(replaced(text, key, ""));
  CHECK_FALSE(without.is_value_checked);
  CHECK_FALSE(without.is_value_right);
  const Signer other = make_signer(authority, "Ewa Lis", crypto::SoftKeyKind::brainpool_p256);
  const auto by_other = read(replaced(text, key, base::to_base64(other.key.public_key())));
  CHECK(by_other.is_value_checked);
  CHECK_FALSE(by_other.is_value_right);
}

TEST_CASE_FIXTURE(XadesFixture, "comments that nobody signed are noted where something is signed") {
  const std::string text = envelop(letter);
  CHECK(read(text).notes.empty());
  const auto commented = read(replaced(text, ">10<", ">1<!-- -->0<"));
  CHECK(wrong(commented) == "");
  CHECK(commented.notes == std::vector<std::string>{"comments_not_signed"});
  for (const std::string& beside : {"<!-- before -->" + text, text + "<!-- behind -->"}) {
    const auto view = read(beside);
    CHECK(wrong(view) == "");
    CHECK(view.notes == std::vector<std::string>{"comments_not_signed"});
  }
}

TEST_CASE_FIXTURE(XadesFixture, "a key beside a certificate proves nothing about that certificate") {
  // A signature by a stranger's key, with the certificate of Anna.
  const Signer eve = make_signer(authority, "Eve", crypto::SoftKeyKind::brainpool_p256);
  const std::string pay = "<ds:Object " + ds + " Id=\"o\"><pay>10</pay></ds:Object>";
  const std::string info =
      "<ds:SignedInfo " + ds +
      "><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
      "</ds:CanonicalizationMethod><ds:SignatureMethod "
      "Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\">"
      "</ds:SignatureMethod><ds:Reference URI=\"#o\"><ds:Transforms><ds:Transform "
      "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod "
      "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>" +
      base::to_base64(crypto::sha256(pay)) + "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
  const base::Bytes value = crypto::convert_value(eve.key.public_key(), eve.sign(ecdsa_256, info),
                                                  crypto::ValueForm::der, crypto::ValueForm::raw)
                                .value();
  const auto view = read(
      "<ds:Signature " + ds + ">" + info + "<ds:SignatureValue>" + base::to_base64(value) +
      "</ds:SignatureValue><ds:KeyInfo><d:DEREncodedKeyValue "
      "xmlns:d=\"http://www.w3.org/2009/xmldsig11#\">" +
      base::to_base64(eve.key.public_key()) + "</d:DEREncodedKeyValue><ds:X509Data><ds:X509Certificate>" +
      base::to_base64(anna.certificate) + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>" + pay + "</ds:Signature>");
  CHECK(view.certificate == anna.certificate);
  CHECK(wrong(view) == "value");
}
