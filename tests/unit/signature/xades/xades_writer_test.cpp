#include <doctest/doctest.h>

#include "unit/signature/xades/xades_fixture.hpp"

using namespace testing;
using signature::Packaging;

namespace {

// A document like a prescription of the Polish e-health system: HL7 CDA in its namespace, another one beside it.
const std::string clinical =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<?xml-stylesheet href=\"a.xsl\" type=\"text/xsl\"?>\r\n"
    "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:ext=\"http://www.csioz.gov.pl/xsd/extPL/r2\" >\r\n"
    "  <id root='1.2.3' extension=\"1\"/><title>Recepta &#x142;</title>\n"
    "  <component><section ID=\"s1\"><!-- note --><text>1 op. x 30</text></section></component>\n"
    "  <ext:signatures  />\n</ClinicalDocument>\n<!-- end -->\n";

std::string refusal(const signature::SignatureWish& wanted, const std::string& text) {
  const MemoryContent content(text, "letter.xml");
  const auto prepared = signature::prepare_xades(wanted, {&content});
  if (prepared) return "";
  CHECK(prepared.error().code == base::Code::invalid_input);
  return prepared.error().reason.substr(0, prepared.error().reason.find(':'));
}

}  // namespace

TEST_CASE_FIXTURE(XadesFixture, "an enveloped signature covers the whole document and changes no octet of it") {
  const std::string made_text = envelop(clinical);
  const auto view = read(made_text);
  CHECK(wrong(view) == "");
  CHECK(view.format == "XAdES");
  CHECK(view.packaging == "enveloped");
  CHECK(view.is_baseline);
  CHECK(view.level == signature::Level::b);
  CHECK(scope_of(view) == "full");
  CHECK(view.claimed_at == noon);
  CHECK(view.certificate == anna.certificate);
  CHECK(view.certificates == std::vector<base::Bytes>{anna.certificate, authority.issuing});
  CHECK(view.digests == std::vector<std::string>{"sha256"});
  CHECK(view.algorithm == ecdsa_256);
  CHECK(replaced(made_text, cut(made_text, "<ds:Signature ", "</ds:Signature>"), "") == clinical);
}

TEST_CASE_FIXTURE(XadesFixture, "a signature goes into a named element of a clinical document") {
  for (const char* path : {"/ClinicalDocument/ext:signatures", "/ClinicalDocument/*[last()]", "//ext:signatures"}) {
    CAPTURE(path);
    auto wanted = wish(Packaging::enveloped);
    wanted.element = path;
    const std::string made_text = sign(wanted, clinical);
    CHECK(wrong(read(made_text)) == "");
    CHECK(scope_of(read(made_text)) == "full");
    CHECK(made_text.find("<ext:signatures  ><ds:Signature ") != std::string::npos);
    CHECK(made_text.find("</ds:Signature></ext:signatures>\n</ClinicalDocument>\n<!-- end -->\n") != std::string::npos);
  }
  auto wanted = wish(Packaging::enveloped);
  wanted.element = "/ClinicalDocument/component/section";
  CHECK(wrong(read(sign(wanted, clinical))) == "");
}

TEST_CASE_FIXTURE(XadesFixture, "an element that is not there, several, or no path is refused") {
  const auto with = [&](const char* path) {
    auto wanted = wish(Packaging::enveloped);
    wanted.element = path;
    return refusal(wanted, clinical);
  };
  CHECK(with("/ClinicalDocument/author") == "xades_element_not_found");
  CHECK(with("/ClinicalDocument/no:signatures") == "xades_element_not_found");
  CHECK(with("/ClinicalDocument/*") == "xades_element_ambiguous");
  CHECK(with("ClinicalDocument") == "xades_element_syntax");
  CHECK(with("/a | /b") == "xades_element_syntax");
  CHECK(with("document('http://127.0.0.1/')") == "xades_element_syntax");
}

TEST_CASE_FIXTURE(XadesFixture, "several signatures in one document stay right, each by itself") {
  const std::string one = envelop(clinical);
  const std::string two = envelop(one);
  auto wanted = wish(Packaging::enveloped);
  wanted.element = "/ClinicalDocument/ext:signatures";
  const std::string three = sign(wanted, two);
  const auto views = read_all(three);
  REQUIRE(views.size() == 3);
  for (const auto& view : views) {
    CHECK(wrong(view) == "");
    CHECK(scope_of(view) == "full");
  }
  // A signature does not go into another one.
  wanted.element = "//ds:Object";
  CHECK(refusal(wanted, one) == "xades_element_not_found");
  wanted.element = "//ds:KeyInfo";
  CHECK(refusal(wanted, one) == "xades_element_not_found");
}

TEST_CASE_FIXTURE(XadesFixture, "an enveloping signature holds an XML document, or octets in base64") {
  auto wanted = wish(Packaging::enveloping);
  wanted.media_type = "application/xml";
  const std::string xml_text = sign(wanted, clinical);
  CHECK(wrong(read(xml_text)) == "");
  CHECK(scope_of(read(xml_text)) == "full");
  CHECK(read(xml_text).packaging == "enveloping");
  CHECK(xml_text.find("<text>1 op. x 30</text>") != std::string::npos);
  // Also one with a signature in it, whose prefix the outer one declares already.
  wanted = wish(Packaging::enveloping);
  wanted.media_type = "text/xml";
  const auto both = read_all(sign(wanted, envelop(clinical)));
  REQUIRE(both.size() == 2);
  CHECK(wrong(both[0]) == "");
  CHECK(scope_of(both[0]) == "full");

  wanted = wish(Packaging::enveloping);
  wanted.media_type = "application/pdf";
  const std::string octets("%PDF-1.7\0\xff\n", 11);
  const std::string binary = sign(wanted, octets);
  CHECK(wrong(read(binary)) == "");
  CHECK(scope_of(read(binary)) == "full");
  CHECK(binary.find(base::to_base64(octets)) != std::string::npos);
}

TEST_CASE_FIXTURE(XadesFixture, "a detached signature names its files and holds their digests only") {
  const MemoryContent letter("Dear Ewa", "list do Ewy.txt");
  const DigestContent scan(crypto::digest(crypto::DigestKind::sha256, "scan"));
  const std::string made_text = sign(wish(Packaging::detached), {&letter, &scan}, anna);
  CHECK(made_text.find("URI=\"list%20do%20Ewy.txt\"") != std::string::npos);
  const auto view = read(made_text, {&scan, &letter});
  CHECK(wrong(view) == "");
  CHECK(view.packaging == "detached");
  CHECK(scope_of(view) == "file:list do Ewy.txt file:letter.txt");
  const MemoryContent other("Dear Eva", "list do Ewy.txt");
  CHECK(wrong(read(made_text, {&other, &scan})) == "differs list do Ewy.txt");
  CHECK(wrong(read(made_text, {&letter})) == "missing letter.txt");
  CHECK(wrong(read(made_text)) == "missing list%20do%20Ewy.txt");
}

TEST_CASE_FIXTURE(XadesFixture, "a single file belongs to a single reference whatever its name is now") {
  const MemoryContent letter("Dear Ewa", "letter.txt");
  const std::string made_text = sign(wish(Packaging::detached), {&letter}, anna);
  const MemoryContent renamed("Dear Ewa", "letter (1).txt");
  CHECK(wrong(read(made_text, {&renamed})) == "");
  CHECK(scope_of(read(made_text, {&renamed})) == "file:letter (1).txt");
  const MemoryContent altered("Dear Ewb", "letter.txt");
  CHECK(wrong(read(made_text, {&altered})) == "differs letter.txt");
  // A digest by another algorithm is no content.
  auto wanted = wish(Packaging::detached);
  wanted.algorithm.digest = crypto::DigestKind::sha384;
  const Signer stronger = make_signer(authority, "Anna Nowak", crypto::SoftKeyKind::ec_p384);
  wanted.certificate = stronger.certificate;
  const std::string by_sha384 = sign(wanted, {&letter}, stronger);
  CHECK(wrong(read(by_sha384, {&letter})) == "");
  const DigestContent digest(crypto::digest(crypto::DigestKind::sha256, "Dear Ewa"));
  CHECK(wrong(read(by_sha384, {&digest})) == "missing letter.txt");
}

TEST_CASE_FIXTURE(XadesFixture, "a sibling signature covers its element and says so") {
  auto wanted = wish(Packaging::detached);
  wanted.element = "/ClinicalDocument/component/section";
  const std::string made_text = sign(wanted, clinical);
  const auto view = read(made_text);
  CHECK(wrong(view) == "");
  CHECK(view.packaging == "detached");
  CHECK(scope_of(view) == "element:/ClinicalDocument/component/section");
  // The rest may change, the element may not.
  CHECK(wrong(read(replaced(made_text, "Recepta", "Recept"))) == "");
  CHECK(wrong(read(replaced(made_text, "1 op.", "9 op."))) == "differs #s1");
  wanted = wish(Packaging::detached);
  wanted.element = "/ClinicalDocument";
  CHECK(refusal(wanted, clinical) == "xades_element_is_root");
  wanted.element = "/ClinicalDocument/title";
  CHECK(refusal(wanted, clinical) == "xades_element_without_id");
}

TEST_CASE_FIXTURE(XadesFixture, "every algorithm and key signs, with the value in the form of XML") {
  using crypto::DigestKind;
  using crypto::SignatureScheme;
  using crypto::SoftKeyKind;
  struct Case {
    SoftKeyKind key;
    crypto::SignatureAlgorithm algorithm;
    std::size_t octets;
  };
  for (const Case& one : {Case{SoftKeyKind::ec_p256, {SignatureScheme::ecdsa, DigestKind::sha256}, 64},
                          Case{SoftKeyKind::ec_p384, {SignatureScheme::ecdsa, DigestKind::sha384}, 96},
                          Case{SoftKeyKind::ec_p521, {SignatureScheme::ecdsa, DigestKind::sha512}, 132},
                          Case{SoftKeyKind::brainpool_p256, {SignatureScheme::ecdsa, DigestKind::sha256}, 64},
                          Case{SoftKeyKind::brainpool_p384, {SignatureScheme::ecdsa, DigestKind::sha384}, 96},
                          Case{SoftKeyKind::rsa_2048, {SignatureScheme::rsa_pkcs1, DigestKind::sha256}, 256},
                          Case{SoftKeyKind::rsa_2048, {SignatureScheme::rsa_pkcs1, DigestKind::sha512}, 256},
                          Case{SoftKeyKind::rsa_2048, {SignatureScheme::rsa_pss, DigestKind::sha256}, 256},
                          Case{SoftKeyKind::rsa_2048, {SignatureScheme::rsa_pss, DigestKind::sha384}, 256}}) {
    CAPTURE(name_of(one.algorithm));
    const crypto::SoftKey key = crypto::SoftKey::generate(one.key).value();
    auto leaf = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
    leaf.public_key = key.public_key();
    const Signer signer{key, authority.issue(leaf)};
    auto wanted = wish(Packaging::enveloped);
    wanted.certificate = signer.certificate;
    wanted.algorithm = one.algorithm;
    const MemoryContent content(clinical);
    const auto prepared = signature::prepare_xades(wanted, {&content});
    REQUIRE(prepared);
    const base::Bytes value = value_of(*prepared, signer);
    CHECK(value.size() == one.octets);
    const auto done = signature::complete_xades(prepared->state, value);
    REQUIRE(done);
    const auto view = read(*done);
    CHECK(wrong(view) == "");
    CHECK(view.algorithm == one.algorithm);
  }
}

TEST_CASE_FIXTURE(XadesFixture, "policy, commitment, role, media type and time are signed and read again") {
  auto wanted = wish(Packaging::enveloped);
  wanted.policy =
      signature::PolicyReference{"1.2.616.1.113527.2.1", crypto::DigestKind::sha256,
                                 crypto::digest(crypto::DigestKind::sha256, "policy"), "https://x.example/?a&b"};
  wanted.commitment = "1.2.840.113549.1.9.16.6.5";
  wanted.role = "lekarz <POZ> & \"kierownik\"\r\n";
  wanted.media_type = "application/hl7-sda+xml";
  const std::string made_text = sign(wanted, clinical);
  const auto view = read(made_text);
  CHECK(wrong(view) == "");
  CHECK(view.policy == "1.2.616.1.113527.2.1");
  CHECK(view.policy_digest == crypto::digest(crypto::DigestKind::sha256, "policy"));
  CHECK(view.commitment == "1.2.840.113549.1.9.16.6.5");
  CHECK(view.role == "lekarz <POZ> & \"kierownik\"");
  CHECK(view.unknown_critical.empty());
  CHECK(made_text.find("<xades:MimeType>application/hl7-sda+xml</xades:MimeType>") != std::string::npos);
  CHECK(made_text.find("01903/v1.2.2#ProofOfApproval") != std::string::npos);
  wanted = wish(Packaging::enveloped);
  wanted.commitment = "1.2.3.4";
  wanted.policy = signature::PolicyReference{"https://x.example/p", crypto::DigestKind::sha512,
                                             crypto::digest(crypto::DigestKind::sha512, "p"), ""};
  const auto other = read(sign(wanted, clinical));
  CHECK(wrong(other) == "");
  CHECK(other.policy == "https://x.example/p");
  CHECK(other.commitment == "1.2.3.4");
}

TEST_CASE_FIXTURE(XadesFixture, "what cannot stand in a signature is refused before anything is signed") {
  const auto with = [&](auto change) {
    auto wanted = wish(Packaging::enveloped);
    change(wanted);
    return refusal(wanted, clinical);
  };
  using Wish = signature::SignatureWish;
  CHECK(with([](Wish& w) { w.unique_part = "short"; }) == "xades_unique_part");
  CHECK(with([](Wish& w) { w.unique_part = "0123456789abcdef\"><x"; }) == "xades_unique_part");
  CHECK(with([](Wish& w) { w.level = signature::Level::lt; }) == "xades_level");
  CHECK(with([](Wish& w) { w.role = "a\x01"; }) == "xades_text");
  CHECK(with([](Wish& w) { w.media_type = "\xff"; }) == "xades_text");
  CHECK(with([](Wish& w) {
          w.policy = signature::PolicyReference{"1.2.3", crypto::DigestKind::sha256, "short", ""};
        }) == "xades_policy");
  CHECK(with([](Wish& w) { w.certificate = "no certificate"; }) == "xades_certificate");
  CHECK(with([](Wish& w) { w.algorithm.scheme = crypto::SignatureScheme::rsa_pss; }) == "xades_algorithm");
  CHECK(with([](Wish& w) { w.algorithm.digest = crypto::DigestKind::sha1; }) == "xades_algorithm");
  const MemoryContent content(clinical);
  CHECK_FALSE(signature::prepare_xades(wish(Packaging::enveloped), {}));
  CHECK_FALSE(signature::prepare_xades(wish(Packaging::enveloped), {&content, &content}));
  CHECK_FALSE(signature::prepare_xades(wish(Packaging::detached), {&content, &content}));  // one name twice
}

TEST_CASE_FIXTURE(XadesFixture, "a document that a reader would refuse is not signed") {
  for (const Packaging packaging : {Packaging::enveloped, Packaging::enveloping}) {
    auto wanted = wish(packaging);
    wanted.media_type = "text/xml";
    CHECK(refusal(wanted, "<!DOCTYPE r [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><r>&e;</r>") == "xml_dtd");
    CHECK(refusal(wanted, "no xml") == "xml_malformed");
    CHECK(refusal(wanted, "") == "xml_malformed");
    CHECK(refusal(wanted, "<r><a Id='x'/><b Id='x'/></r>") == "xml_duplicate_id");
    CHECK(refusal(wanted, "<r Id='xades-" + wanted.unique_part + "'/>") == "xades_id_taken");
    CHECK(refusal(wanted, "<r>" + std::string(17'000'000, 'x') + "</r>") == "xml_too_large");
  }
}

TEST_CASE_FIXTURE(XadesFixture, "a value that the certificate's key did not make is refused") {
  const MemoryContent content(clinical);
  const auto prepared = signature::prepare_xades(wish(Packaging::enveloped), {&content});
  REQUIRE(prepared);
  const base::Bytes value = value_of(*prepared, anna);
  base::Bytes altered = value;
  altered[10] = static_cast<char>(altered[10] ^ 1);
  for (const base::Bytes& wrong_value :
       {base::Bytes(), altered, value.substr(1), value + '\0', anna.sign(ecdsa_256, prepared->to_be_signed)}) {
    const auto done = signature::complete_xades(prepared->state, wrong_value);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == base::Code::denied);
  }
  for (const base::Bytes& state :
       {base::Bytes(), prepared->state.substr(1), prepared->state + "x",
        prepared->state.substr(0, prepared->state.size() / 2), base::Bytes("xades-1\n99999999999999999999:")}) {
    const auto done = signature::complete_xades(state, value);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == base::Code::invalid_input);
  }
}

TEST_CASE_FIXTURE(XadesFixture, "a document in UTF-16 stays in UTF-16") {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("<?xml version='1.0' encoding='UTF-16'?><r>a</r>")) wide += std::string({c, '\0'});
  const std::string made_text = envelop(wide);
  CHECK(made_text.substr(0, wide.size() - 8) == wide.substr(0, wide.size() - 8));
  CHECK(wrong(read(made_text)) == "");
  CHECK(scope_of(read(made_text)) == "full");
}

TEST_CASE_FIXTURE(XadesFixture, "level T has a time stamp over the signature's value") {
  auto wanted = wish(Packaging::enveloped);
  const std::string made_text = sign(wanted, clinical);
  const std::string id = signature::xades_id_of(wanted);
  const auto stamped = signature::stamped_octets_of_xades(made_text, id);
  REQUIRE(stamped);
  CHECK(stamped->starts_with("<ds:SignatureValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Id="));
  const auto signer = make_stamper(authority, soft_key_of(crypto::SoftKeyKind::ec_p256), ecdsa_256);
  const base::Bytes token = crypto::make_timestamp_token(info_about(*stamped), signer, true).value();
  const auto with_one = signature::add_timestamp_to_xades(made_text, id, token);
  REQUIRE(with_one);
  const auto with_two = signature::add_timestamp_to_xades(*with_one, id, token);
  REQUIRE(with_two);
  for (const auto& [text, count] : {std::pair{*with_one, 1U}, std::pair{*with_two, 2U}}) {
    const auto view = read(text);
    CHECK(wrong(view) == "");
    CHECK(view.level == signature::Level::t);
    REQUIRE(view.timestamps.size() == count);
    CHECK(view.timestamps.back().kind == signature::TimestampNote::Kind::signature);
    CHECK(view.timestamps.back().token == token);
    CHECK(view.timestamps.back().find_imprint(crypto::DigestKind::sha512) ==
          crypto::digest(crypto::DigestKind::sha512, *stamped));
    CHECK(crypto::read_timestamp_token(view.timestamps.back().token).info.imprint ==
          view.timestamps.back().find_imprint(crypto::DigestKind::sha256));
  }
  for (const char* unknown : {"", "none", "s1"}) {
    CHECK_FALSE(signature::stamped_octets_of_xades(clinical, unknown));
    CHECK_FALSE(signature::add_timestamp_to_xades(made_text, unknown, token));
  }
}

TEST_CASE_FIXTURE(XadesFixture, "a counter-signature covers the value of the signature in which it stands") {
  auto wanted = wish(Packaging::enveloped);
  const std::string made_text = sign(wanted, clinical);
  const std::string id = signature::xades_id_of(wanted);
  std::string text = made_text;
  for (int i = 1; i <= 2; ++i) {
    const auto prepared = signature::prepare_xades_counter_signature(wish(Packaging::detached), text, id);
    REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
    text = signature::complete_xades(prepared->state, value_of(*prepared, anna)).value();
    const auto view = read(text);
    CHECK(wrong(view) == "");
    REQUIRE(view.counter_signatures.size() == static_cast<std::size_t>(i));
    for (const auto& counter : view.counter_signatures) {
      CHECK(wrong(counter) == "");
      CHECK(scope_of(counter).starts_with("element:/ClinicalDocument/ds:Signature/ds:SignatureValue"));
    }
  }
  // One that was moved to another signature is none of it.
  const std::string counter = cut(text, "<xades:CounterSignature>", "</xades:CounterSignature>");
  auto second = wish(Packaging::enveloped);
  const std::string other = sign(second, replaced(text, counter, ""));
  const std::string moved =
      replaced_last(other, "</xades:SignedProperties></xades:QualifyingProperties>",
                    "</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties>" + counter +
                        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties>");
  const auto views = read_all(moved);
  REQUIRE(views.size() == 2);
  CHECK(wrong(views[1]) == "");
  REQUIRE(views[1].counter_signatures.size() == 1);
  CHECK(wrong(views[1].counter_signatures[0]) == "xades_counter_signature");
  CHECK_FALSE(signature::prepare_xades_counter_signature(wish(Packaging::detached), clinical, "none"));
  CHECK_FALSE(signature::prepare_xades_counter_signature(wish(Packaging::detached),
                                                         replaced(made_text, " Id=\"" + id + "-value\"", ""), id));
}
