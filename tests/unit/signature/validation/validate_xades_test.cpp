// XML documents through the whole validation: what the reader of XAdES finds, and what the policy makes of it.
#include "unit/signature/validation/documents.hpp"
#include "unit/signature/xades/xades_fixture.hpp"

using signature::Packaging;
using signature::SubIndication;
using testing::noon;
using testing::replaced;
using testing::World;

namespace {

const std::string order = "<letter><pay Id=\"pay\" to=\"Ewa\">10</pay><note/></letter>";

struct XmlWorld : World {
  testing::XadesFixture xades{authority, anna};

  signature::SignatureWish wish_for(Packaging packaging) {
    auto one = xades.wish(packaging);
    one.signing_time = signed_at;
    return one;
  }
  base::Bytes sign(Packaging packaging = Packaging::enveloped, const std::string& element = {}) {
    auto one = wish_for(packaging);
    one.element = element;
    if (packaging == Packaging::enveloping) one.media_type = "text/xml";
    return xades.sign(one, order);
  }
  [[nodiscard]] signature::ValidationReport judge(
      base::BytesView document, const std::vector<const signature::Content*>& beside = {},
      const signature::ValidationPolicy& policy = signature::default_policy()) const {
    return signature::validate_document(signature::read_xades(document, beside), material(), policy, {noon, noon})
        .report;
  }
};

std::string words_of(const signature::ValidationReport& report) {
  const auto& verdict = report.verdict;
  if (verdict.is_passed()) return "TOTAL-PASSED";
  return std::string(name_of(verdict.indication)) + " " + std::string(name_of(verdict.sub_indication)) + " " +
         verdict.reason;
}

}  // namespace

TEST_CASE("a document with its signature inside is valid, and the report says who, when and that it is the whole") {
  XmlWorld w;
  const auto report = w.judge(w.sign());
  CHECK(words_of(report) == "TOTAL-PASSED");
  REQUIRE(report.signatures.size() == 1);
  const auto& one = report.signatures.front();
  CHECK(one.signer.name == "Anna Nowak");
  CHECK(one.format == "XAdES");
  CHECK(one.level == "B");
  CHECK(one.packaging == "enveloped");
  CHECK(one.best_signature_time == w.signed_at);
  CHECK_FALSE(one.is_time_proven);
  REQUIRE(one.scope.size() == 1);
  CHECK(one.scope.front().kind == signature::ScopePart::Kind::full);
  CHECK(words_of(w.judge(w.sign(Packaging::enveloping))) == "TOTAL-PASSED");
  const testing::MemoryContent content(order, "letter.xml");
  const base::Bytes apart = w.xades.sign(w.wish_for(Packaging::detached), {&content}, w.anna);
  CHECK(words_of(w.judge(apart, {&content})) == "TOTAL-PASSED");
  CHECK(words_of(w.judge(apart)) == "INDETERMINATE SIGNED_DATA_NOT_FOUND data_missing");
}

TEST_CASE("a file that was handed in and that no signature covers makes the answer undecided, never valid") {
  XmlWorld w;
  const testing::MemoryContent contract("Dear Eve, you get 90.", "contract.txt");
  const testing::MemoryContent content(order, "letter.xml");
  const base::Bytes apart = w.xades.sign(w.wish_for(Packaging::detached), {&content}, w.anna);
  const std::string told = "INDETERMINATE SIG_CONSTRAINTS_FAILURE nothing_covered";
  CHECK(words_of(w.judge(w.sign(), {&contract})) == told);
  CHECK(words_of(w.judge(apart, {&content, &contract})) == told);
  CHECK(words_of(w.judge(replaced(w.sign(), ">10<", ">90<"), {&contract})) ==
        "TOTAL-FAILED HASH_FAILURE document_altered");
}

TEST_CASE("a digest by an unknown algorithm leaves the document undecided, and an altered signature fails") {
  XmlWorld w;
  // The name of the algorithm was signed, so this one is altered.
  CHECK(words_of(w.judge(replaced(w.sign(), "xmlenc#sha256", "xmlenc#sha257"))) ==
        "TOTAL-FAILED SIG_CRYPTO_FAILURE signature_altered");
  signature::SignatureView view = signature::read_xades(w.sign(), {}).signatures.front();
  view.are_digests_right = false;
  view.unknown_digest = "urn:sha3";
  signature::DocumentView document;
  document.signatures.push_back(view);
  const auto report = signature::validate_document(document, w.material(), signature::default_policy(), {noon, noon});
  CHECK(words_of(report.report) == "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE algorithm_unknown");
}

TEST_CASE("one octet changed in an XML document, its properties or its value is a failure and never undecided") {
  XmlWorld w;
  const std::string text = w.sign();
  CHECK(words_of(w.judge(replaced(text, ">10<", ">90<"))) == "TOTAL-FAILED HASH_FAILURE document_altered");
  CHECK(words_of(w.judge(replaced(text, "\"Ewa\"", "\"Eva\""))) == "TOTAL-FAILED HASH_FAILURE document_altered");
  CHECK(words_of(w.judge(replaced(text, "<xades:SigningTime>2026", "<xades:SigningTime>2025"))) ==
        "TOTAL-FAILED HASH_FAILURE document_altered");
  const std::string digest = testing::cut(text, "<ds:DigestValue>", "</ds:DigestValue>");
  const std::string other = testing::cut(w.sign(Packaging::enveloping), "<ds:DigestValue>", "</ds:DigestValue>");
  REQUIRE(digest != other);
  CHECK(w.judge(replaced(text, digest, other)).verdict.sub_indication == SubIndication::hash_failure);
  const std::string value = testing::cut(text, "-value\">", "</ds:SignatureValue>");
  const std::string of_another = testing::cut(w.sign(), "-value\">", "</ds:SignatureValue>");
  CHECK(w.judge(replaced(text, value, of_another)).verdict.sub_indication == SubIndication::sig_crypto_failure);
  // Who signed is not known, but the change is.
  World stranger;
  const auto view = signature::read_xades(replaced(text, ">10<", ">90<"), {});
  CHECK(signature::validate_document(view, stranger.material(), signature::default_policy(), {noon, noon})
            .report.verdict.sub_indication == SubIndication::hash_failure);
}

TEST_CASE("a signed element that was moved or joined by another one is not accepted, in any of the known ways") {
  XmlWorld w;
  const std::string sibling = w.sign(Packaging::detached, "/letter/pay");
  const std::string pay = testing::cut(sibling, "<pay ", "</pay>");
  const std::string seal = testing::cut(sibling, "<ds:Signature ", "</ds:Signature>");
  const std::string evil = "<pay Id=\"evil\" to=\"Eve\">90</pay>";
  const auto with = [&](const std::string& changed) { return replaced(sibling, pay + seal, changed); };
  for (const std::string& text :
       {with(evil + pay + seal), with(pay + evil + seal), with("<pay Id=\"evil\">" + pay + seal + "</pay>"),
        with(evil + "<old>" + pay + "</old>" + seal),
        with(evil + replaced(seal, "</ds:Signature>", "<ds:Object>" + pay + "</ds:Object></ds:Signature>")),
        "<letter>" + evil + "<old>" + sibling + "</old></letter>"}) {
    CAPTURE(text);
    CHECK(words_of(w.judge(text)) == "INDETERMINATE SIG_CONSTRAINTS_FAILURE partial_scope");
  }
  // With the same id it is a failure of the form.
  CHECK(words_of(w.judge(with(replaced(evil, "\"evil\"", "\"pay\"") + pay + seal))) ==
        "TOTAL-FAILED FORMAT_FAILURE xml_duplicate_id");
  const std::string text = w.sign();
  const std::string own_seal = testing::cut(text, "<ds:Signature ", "</ds:Signature>");
  CHECK(w.judge("<letter>" + evil + "<old>" + text + "</old></letter>").verdict.sub_indication ==
        SubIndication::hash_failure);
  CHECK(w.judge("<letter>" + evil + own_seal + "</letter>").verdict.sub_indication == SubIndication::hash_failure);
  CHECK(words_of(w.judge(replaced(text, "</ds:Signature>", "<ds:Object>" + evil + "</ds:Object></ds:Signature>"))) ==
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE partial_scope");
  const std::string around = testing::cut(w.sign(Packaging::enveloping), "<ds:Signature ", "</ds:Signature>");
  CHECK(words_of(w.judge("<letter>" + evil + around + "</letter>")) ==
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE partial_scope");
}

TEST_CASE("a signature over one element of a document counts where the policy allows parts, and the part is named") {
  XmlWorld w;
  const std::string text = w.sign(Packaging::detached, "/letter/pay");
  const auto strict = w.judge(text);
  CHECK(words_of(strict) == "INDETERMINATE SIG_CONSTRAINTS_FAILURE partial_scope");
  CHECK(strict.verdict.detail == "/letter/pay");
  auto policy = signature::default_policy();
  policy.allows_partial = true;
  const auto lenient = w.judge(text, {}, policy);
  CHECK(words_of(lenient) == "TOTAL-PASSED");
  CHECK(lenient.signatures.front().scope.front().name == "/letter/pay");
}

TEST_CASE("counter-signatures in XML and in CMS are judged with the signature in which they stand") {
  XmlWorld w;
  const auto wanted = w.wish_for(Packaging::enveloped);
  const std::string text = w.xades.sign(wanted, order);
  const auto prepared =
      signature::prepare_xades_counter_signature(w.wish_for(Packaging::detached), text, signature::xades_id_of(wanted));
  REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
  const base::Bytes countersigned =
      signature::complete_xades(prepared->state, testing::XadesFixture::value_of(*prepared, w.anna)).value();
  const auto report = w.judge(countersigned);
  CHECK(words_of(report) == "TOTAL-PASSED");
  REQUIRE(report.signatures.front().counter_signatures.size() == 1);
  CHECK(report.signatures.front().counter_signatures.front().verdict.is_passed());

  const World& cades = w;
  const base::Bytes signature = cades.sign();
  const auto again = signature::prepare_countersignature(cades.wish(w.anna), signature, 0).value();
  const base::Bytes value = w.anna.sign(again.algorithm, again.to_be_signed);
  testing::Judged both = cades.make("", signature::complete_countersignature(again.state, value, signature).value());
  const auto of_cms = testing::judge(both);
  CHECK(words_of(of_cms) == "TOTAL-PASSED");
  REQUIRE(of_cms.signatures.front().counter_signatures.size() == 1);
  CHECK(of_cms.signatures.front().counter_signatures.front().verdict.is_passed());
}

TEST_CASE("a document type, and XML without a signature, are failures of the form") {
  XmlWorld w;
  CHECK(words_of(w.judge("<!DOCTYPE letter>" + w.sign())) == "TOTAL-FAILED FORMAT_FAILURE xml_dtd");
  CHECK(words_of(w.judge(order)) == "TOTAL-FAILED FORMAT_FAILURE xml_no_signature");
  CHECK(words_of(w.judge("<letter>")) == "TOTAL-FAILED FORMAT_FAILURE xml_malformed");
}
