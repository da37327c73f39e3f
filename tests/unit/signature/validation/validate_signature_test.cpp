#include "signature/validation/validate_signature.hpp"

#include <doctest/doctest.h>

#include <set>

#include "signature/validation/signature_acceptance.hpp"
#include "unit/signature/validation/documents.hpp"

using testing::a_day;
using testing::all_documents;
using testing::Indication;
using testing::judge;
using testing::Judged;
using testing::noon;
using testing::SubIndication;
using testing::World;

namespace {

std::string words_of(const signature::Verdict& verdict) {
  return std::string(name_of(verdict.indication)) + " " + std::string(name_of(verdict.sub_indication)) + " " +
         verdict.reason + " " + verdict.detail;
}

constexpr auto an_hour = std::chrono::hours(1);

}  // namespace

TEST_CASE("each sub-indication of EN 319 102-1 has a document that yields exactly it") {
  std::set<SubIndication> seen;
  for (const Judged& one : all_documents()) {
    CAPTURE(one.name);
    const auto report = judge(one);
    CAPTURE(words_of(report.verdict));
    CHECK(report.verdict.indication == one.indication);
    CHECK(report.verdict.sub_indication == one.sub_indication);
    CHECK(report.verdict.reason.empty() == report.verdict.is_passed());
    seen.insert(one.sub_indication);
  }
  CHECK(seen.size() == signature::count_of_sub_indications);
}

TEST_CASE("the same document without its answers about revocation gets another answer") {
  int compared = 0;
  for (Judged one : all_documents()) {
    if (!one.without_revocation) continue;
    CAPTURE(one.name);
    ++compared;
    one.material.revocation.clear();
    const auto report = judge(one);
    CHECK(report.verdict.indication == Indication::indeterminate);
    CHECK(report.verdict.sub_indication == *one.without_revocation);
  }
  CHECK(compared >= 8);
}

TEST_CASE("a report says who signed, when, and where that time comes from") {
  const World w;
  Judged one = w.make("", w.sign());
  auto report = judge(one);
  REQUIRE(report.signatures.size() == 1);
  const auto& claimed = report.signatures.front();
  CHECK(claimed.signer.name == "Anna Nowak");
  CHECK(claimed.format == "CAdES");
  CHECK(claimed.level == "B");
  CHECK(claimed.algorithm == "ecdsa-sha256");
  CHECK(claimed.best_signature_time == w.signed_at);
  CHECK_FALSE(claimed.is_time_proven);
  // A key of a server or of a test is never called qualified.
  CHECK(claimed.qualification == "AdES");
  REQUIRE(claimed.certificates.size() == 3);
  CHECK(claimed.certificates.front().revocation == "good");
  CHECK(claimed.certificates.front().revocation_from == "given");
  CHECK(claimed.certificates.back().revocation == "not asked");

  one.document = w.stamped(w.sign(), noon - 2 * an_hour);
  report = judge(one);
  const auto& proven = report.signatures.front();
  CHECK(proven.level == "T");
  CHECK(proven.is_time_proven);
  CHECK(proven.best_signature_time == noon - 2 * an_hour);
  REQUIRE(proven.timestamps.size() == 1);
  CHECK(proven.timestamps.front().authority == "Test TSA");
  CHECK(proven.timestamps.front().verdict.is_passed());
}

TEST_CASE("a time stamp after the revocation, or of an authority that is not trusted, proves nothing") {
  const World w;
  Judged one = w.make("", w.stamped(w.sign(), noon - an_hour));
  one.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - 2 * an_hour)}});
  CHECK(judge(one).verdict.sub_indication == SubIndication::revoked_no_poe);
  one.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - std::chrono::minutes(40))}});
  CHECK(judge(one).verdict.is_passed());
  one.material.timestamp_anchors = {World().authority.root};
  const auto report = judge(one);
  CHECK(report.verdict.sub_indication == SubIndication::revoked_no_poe);
  CHECK(report.signatures.front().timestamps.front().verdict.sub_indication ==
        SubIndication::no_certificate_chain_found);
  CHECK_FALSE(report.signatures.front().is_time_proven);
}

TEST_CASE("a signature that covers only a part of its document is not accepted, unless the policy says so") {
  const World w;
  signature::SignatureView view;
  view.certificate = w.anna.certificate;
  view.has_certificate_reference = true;
  view.algorithm = {crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};
  view.digests = {"sha256"};
  signature::ValidationPolicy policy = signature::default_policy();
  using Kind = signature::ScopePart::Kind;
  view.scope = {{Kind::full, ""}};
  CHECK(accept_signature(view, policy, noon).is_passed());
  view.scope = {{Kind::file, "letter.txt"}};
  CHECK(accept_signature(view, policy, noon).is_passed());
  // What was signed was moved below a new root.
  view.scope = {{Kind::element, "/letter/old"}};
  const signature::Verdict verdict = accept_signature(view, policy, noon);
  CHECK(verdict.indication == Indication::indeterminate);
  CHECK(verdict.sub_indication == SubIndication::sig_constraints_failure);
  CHECK(verdict.reason == "partial_scope");
  CHECK(verdict.detail == "/letter/old");
  view.is_counter_signature = true;
  CHECK(accept_signature(view, policy, noon).is_passed());
  view.is_counter_signature = false;
  policy.allows_partial = true;
  CHECK(accept_signature(view, policy, noon).is_passed());
  // Of what has a broken form nobody knows what it covers.
  view.scope = {{Kind::full, ""}};
  CHECK(validate_signature(view, {}, policy, {noon, noon}).report.scope.size() == 1);
  view.format_flaw = "xml_duplicate_id";
  CHECK(validate_signature(view, {}, policy, {noon, noon}).report.scope.empty());
  view.format_flaw.clear();
  // A signature whose digests are right and that covers nothing.
  view.scope.clear();
  CHECK(accept_signature(view, policy, noon).reason == "nothing_covered");
}

TEST_CASE("a transform or canonical form that the policy does not allow is told by its name") {
  const World w;
  signature::SignatureView view;
  view.certificate = w.anna.certificate;
  view.has_certificate_reference = true;
  view.algorithm = {crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha256};
  view.digests = {"sha256"};
  view.scope = {{signature::ScopePart::Kind::full, ""}};
  view.transforms = {"http://www.w3.org/2001/10/xml-exc-c14n#",
                     "http://www.w3.org/2000/09/xmldsig#enveloped-signature"};
  signature::ValidationPolicy policy = signature::default_policy();
  CHECK(accept_signature(view, policy, noon).is_passed());
  policy.transforms = {"http://www.w3.org/2001/10/xml-exc-c14n#"};
  const signature::Verdict verdict = accept_signature(view, policy, noon);
  CHECK(verdict.sub_indication == SubIndication::sig_constraints_failure);
  CHECK(verdict.reason == "transform_refused");
  CHECK(verdict.detail == "http://www.w3.org/2000/09/xmldsig#enveloped-signature");
}

TEST_CASE("a time stamp of another signature is told, and proves nothing") {
  const World w;
  const auto token_of_another = w.stamp("another signature", noon - an_hour);
  const base::Bytes signature = w.sign();
  CHECK_FALSE(signature::add_signature_timestamp(signature, 0, token_of_another));
  // It is put in by hand.
  const testing::MemoryContent content(w.letter);
  signature::SignatureView view =
      signature::read_cades(w.stamped(signature, noon - an_hour), &content).signatures.front();
  view.timestamps.front().token = token_of_another;
  const auto validated = signature::validate_signature(view, w.material(), signature::default_policy(), {noon, noon});
  CHECK(validated.report.timestamps.front().verdict.sub_indication == SubIndication::hash_failure);
  CHECK_FALSE(validated.report.is_time_proven);
  CHECK(validated.report.verdict.is_passed());
}

TEST_CASE("at a time in the past a later revocation does not count, and an earlier one does") {
  const World w;
  Judged one = w.make("", w.sign());
  one.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - an_hour)}});
  one.moment.at = noon - 2 * an_hour;
  CHECK(judge(one).verdict.is_passed());
  one.moment.at = noon - an_hour;
  CHECK(judge(one).verdict.sub_indication == SubIndication::revoked_no_poe);
  one.moment.at = noon - 2 * a_day;
  CHECK(judge(one).verdict.sub_indication == SubIndication::out_of_bounds_no_poe);
  CHECK(judge(one).verdict.reason == "certificate_early");
}

TEST_CASE("a list from the future or an old one does not count; a younger one of two decides") {
  const World w;
  Judged one = w.make("", w.sign());
  const auto reason = [&] {
    const auto report = judge(one);
    return report.verdict.is_passed() ? std::string("passed") : report.verdict.reason;
  };
  const auto give = [&](testing::ListWish wish) { one.material.revocation = w.lists(std::move(wish)); };
  give({noon + an_hour, noon + a_day, {}});
  CHECK(reason() == "revocation_future");
  give({noon - 3 * a_day, noon - 2 * a_day, {}});
  CHECK(reason() == "revocation_stale");
  // Within the policy's 24 hours it counts even if its next update is over.
  give({noon - 20 * an_hour, noon - 10 * an_hour, {}});
  CHECK(reason() == "passed");
  const base::Bytes young = w.list({.revoked = {World::revoke(w.anna.certificate, noon - an_hour)}});
  one.material.revocation.push_back({young, true, "fetched"});
  CHECK(reason() == "certificate_revoked");
}

TEST_CASE("a certificate that is only for servers, time stamps or answers signs no document, one for people does") {
  using crypto::ExtendedUse;
  const auto judge_signer = [](std::vector<ExtendedUse> uses) {
    World w;
    auto wanted = testing::SmallAuthority::leaf_template(testing::key_of(crypto::KeyKind::ec_p256));
    wanted.public_key = w.anna.key.public_key();
    wanted.extended_uses = std::move(uses);
    w.anna.certificate = w.authority.issue(wanted);
    return judge(w.make("", w.sign())).verdict;
  };
  for (const ExtendedUse use : {ExtendedUse::server_auth, ExtendedUse::time_stamping, ExtendedUse::ocsp_signing}) {
    const auto verdict = judge_signer({use});
    CHECK(verdict.sub_indication == signature::SubIndication::chain_constraints_failure);
    CHECK(verdict.reason == "key_usage");
  }
  CHECK(judge_signer({ExtendedUse::email_protection}).is_passed());
  CHECK(judge_signer({ExtendedUse::server_auth, ExtendedUse::client_auth}).is_passed());
  CHECK(judge_signer({}).is_passed());
}

TEST_CASE("an answer counts only from the issuer or a responder that it has made for that") {
  const World w;
  Judged one = w.make("", w.sign());
  const auto answer_by = [&](const base::Bytes& responder) {
    const auto request =
        crypto::OcspRequest::parse(crypto::make_ocsp_request(w.anna.certificate, w.authority.issuing).value()).value();
    return crypto::answer_ocsp(request, {{crypto::OcspStatus::good}}, {noon, noon + an_hour},
                               {responder, testing::key_of(crypto::KeyKind::ec_p256)})
        .value();
  };
  auto wanted = World().authority.leaf_template(testing::key_of(crypto::KeyKind::ec_p256));
  const auto judge_with = [&](const base::Bytes& responder) {
    one.material.revocation = {{answer_by(responder), false, "given"}, {w.list({}, true), true, "given"}};
    return judge(one).verdict;
  };
  CHECK(judge_with(w.authority.issue(wanted)).reason == "revocation_missing");  // without the usage
  wanted.extended_uses = {crypto::ExtendedUse::ocsp_signing};
  CHECK(judge_with(w.authority.issue(wanted)).is_passed());
  CHECK(judge_with(World().authority.issue(wanted)).reason == "revocation_missing");  // of another authority
}

TEST_CASE("an answer with a critical extension that is not understood does not count") {
  namespace der = crypto::der;
  const World w;
  Judged one = w.make("", w.sign());
  const auto request =
      crypto::OcspRequest::parse(crypto::make_ocsp_request(w.anna.certificate, w.authority.issuing).value()).value();
  const base::Bytes whole = crypto::answer_ocsp(request, {{crypto::OcspStatus::good}}, {noon, noon + an_hour},
                                                {w.authority.issuing, w.authority.key}, crypto::WithNonce::no)
                                .value();
  // OCSPResponse, responseBytes, the octets of BasicOCSPResponse, tbsResponseData.
  der::Reader response = der::Reader(whole).enter(der::sequence).value();
  REQUIRE(response.take(der::enumerated));
  der::Reader octets = response.enter(der::context(0))->enter(der::sequence).value();
  REQUIRE(octets.take(der::object_identifier));
  const base::Bytes basic(octets.take(der::octet_string)->content);
  der::Reader parts = der::Reader(basic).enter(der::sequence).value();
  const base::Bytes told(parts.take(der::sequence)->content);
  const base::Bytes algorithm(parts.take(der::sequence)->whole);
  const auto key = crypto::SoftKey::from_pkcs8(w.authority.key.to_pkcs8().value()).value();
  const auto judge_with = [&](const base::Bytes& critical) {
    const base::Bytes extension =
        der::make(der::sequence, {der::make(der::Oid("1.2.3.4.5")), critical, der::make(der::octet_string, "x")});
    const base::Bytes extensions = der::make(der::context(1), der::make(der::sequence, extension));
    const base::Bytes data = der::make(der::sequence, {told, extensions});
    const base::Bytes value = base::Bytes(1, '\0') + key.sign(testing::ecdsa_256, data).value();
    const base::Bytes answer = der::make(der::sequence, {data, algorithm, der::make(der::bit_string, value)});
    one.material.revocation = {{answer, false, "given"}, {w.list({}, true), true, "given"}};
    return judge(one).verdict;
  };
  CHECK(judge_with("").is_passed());
  CHECK(judge_with(der::make(der::boolean, "\xff")).reason == "revocation_missing");
}

TEST_CASE("what is lacking about revocation is named, but only of certificates with a path to an anchor") {
  const World w;
  Judged one = w.make("", w.sign());
  one.material.revocation.clear();
  const testing::MemoryContent content(w.letter);
  const auto view = signature::read_cades(one.document, &content);
  const auto policy = signature::default_policy();
  const auto validated = signature::validate_document(view, one.material, policy, {noon, noon});
  REQUIRE(validated.wanted.size() == 2);
  CHECK(validated.wanted.front().certificate == w.anna.certificate);
  CHECK(validated.wanted.front().issuer == w.authority.issuing);
  CHECK(validated.wanted.back().issuer == w.authority.root);
  one.material.signature_anchors = {World().authority.root};
  CHECK(signature::validate_document(view, one.material, policy, {noon, noon}).wanted.empty());
}

TEST_CASE("the policy chooses anchors, demands time stamps, and may do without revocation") {
  const World w;
  const testing::MemoryContent content(w.letter);
  const auto view = signature::read_cades(w.sign(), &content);
  auto policy = signature::default_policy();
  const auto judge_by_policy = [&](const signature::Material& material) {
    return signature::validate_document(view, material, policy, {noon, noon}).report.verdict;
  };
  policy.needs_timestamp = true;
  CHECK(judge_by_policy(w.material()).reason == "timestamp_missing");
  policy = signature::default_policy();
  policy.anchors = {std::string(64, 'a')};
  CHECK(judge_by_policy(w.material()).reason == "no_trusted_authority");
  policy.anchors = {crypto::parse_certificate(w.authority.root)->fingerprint};
  CHECK(judge_by_policy(w.material()).is_passed());
  policy = signature::default_policy();
  auto material = w.material();
  material.revocation.clear();
  CHECK(judge_by_policy(material).reason == "revocation_missing");
  policy.needs_revocation = false;
  CHECK(judge_by_policy(material).is_passed());
}

TEST_CASE("the worst signature decides about a document; one without any has none that is valid") {
  signature::SignatureReport good;
  good.verdict = signature::passed();
  signature::SignatureReport open;
  open.verdict = signature::undecided(SubIndication::try_later, "revocation_missing");
  signature::SignatureReport bad;
  bad.verdict = signature::failed(SubIndication::hash_failure, "document_altered");
  CHECK(signature::judge_whole({good, good}).is_passed());
  CHECK(signature::judge_whole({good, open}).sub_indication == SubIndication::try_later);
  CHECK(signature::judge_whole({open, bad, good}).sub_indication == SubIndication::hash_failure);
  good.counter_signatures = {bad};
  CHECK(signature::judge_whole({good}).sub_indication == SubIndication::hash_failure);
  CHECK(signature::judge_whole({}).reason == "not_signed");
}

TEST_CASE("whether digests and value are right is told beside the verdict, also when nobody is trusted") {
  const World w;
  using signature::Cryptographic;
  const auto told = [](const Judged& one) { return judge(one).signatures.front().cryptographic; };
  CHECK(told(w.make("right", w.sign())) == Cryptographic::verified);
  for (const Judged& one : all_documents()) {
    CAPTURE(one.name);
    const bool is_wrong = one.name == "hash_failure" || one.name == "sig_crypto_failure";
    const bool is_open = one.name == "format_failure" || one.name == "no_signing_certificate_found" ||
                         one.name == "signed_data_not_found";
    CHECK(told(one) == (is_wrong  ? Cryptographic::failed
                        : is_open ? Cryptographic::not_checked
                                  : Cryptographic::verified));
  }
  // Also of an algorithm that does not count any more, or never has.
  Judged weak = w.make("weak", w.sign());
  weak.algorithms = {{"sha256", "2012-08-01"}, {"ecdsa", "never"}};
  CHECK(told(weak) == Cryptographic::verified);
  CHECK(judge(weak).verdict.sub_indication == SubIndication::crypto_constraints_failure);
  weak.document.back() = static_cast<char>(weak.document.back() ^ 1);
  CHECK(told(weak) == Cryptographic::failed);
  CHECK(judge(weak).verdict.sub_indication == SubIndication::sig_crypto_failure);
}

TEST_CASE("a level is told only as far as its time stamps count, and why it is no more") {
  const World w;
  const auto report_of = [](const Judged& one) { return judge(one).signatures.front(); };
  Judged one = w.make("stamped", w.stamped(w.sign(), w.signed_at));
  CHECK(report_of(one).level == "T");
  CHECK(report_of(one).claimed_level.empty());
  CHECK(report_of(one).level_flaw.reason.empty());
  // The authority of the time stamp is not trusted for time stamps.
  Judged stranger = one;
  stranger.material.timestamp_anchors = {World().authority.root};
  CHECK(judge(stranger).verdict.is_passed());
  CHECK(report_of(stranger).level == "B");
  CHECK(report_of(stranger).claimed_level == "T");
  CHECK(report_of(stranger).level_flaw.reason == "no_trusted_authority");
  // It belongs to another signature.
  const testing::MemoryContent content(w.letter);
  auto view = signature::read_cades(one.document, &content).signatures.front();
  view.timestamps.front().token = w.stamp("another signature", w.signed_at);
  const auto foreign =
      signature::validate_signature(view, w.material(), signature::default_policy(), {noon, noon}).report;
  CHECK(foreign.level == "B");
  CHECK(foreign.claimed_level == "T");
  CHECK(foreign.level_flaw.reason == "timestamp_of_another");
  CHECK(report_of(w.make("plain", w.sign())).level == "B");
  CHECK(report_of(w.make("plain", w.sign())).claimed_level.empty());
}

TEST_CASE("a time stamp over references proves nothing about the signature, and no level") {
  const World w;
  Judged one = w.make("references", testing::sign_with_stamped_references(w, w.signed_at));
  one.content.reset();
  const auto report = judge(one);
  CHECK(report.verdict.is_passed());
  const auto& signature = report.signatures.front();
  CHECK(signature.level == "B");
  CHECK_FALSE(signature.is_time_proven);
  REQUIRE(signature.timestamps.size() == 1);
  CHECK(signature.timestamps.front().verdict.is_passed());
  // Made after the revocation it changes nothing: the signature is younger or older, nobody knows.
  Judged late = w.make("late", testing::sign_with_stamped_references(w, noon - std::chrono::minutes(10)));
  late.content.reset();
  late.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - std::chrono::minutes(40))}});
  CHECK(judge(late).verdict.sub_indication == SubIndication::revoked_no_poe);
  // One that covers something else is broken, and proves nothing either.
  Judged broken = late;
  broken.document = testing::replaced(testing::sign_with_stamped_references(w, w.signed_at),
                                      "<xades:CompleteRevocationRefs>", "<xades:CompleteRevocationRefs>x");
  CHECK(judge(broken).verdict.sub_indication == SubIndication::revoked_no_poe);
}

TEST_CASE("a signature that breaks a rule of CMS is not accepted, and it is told whether its value is right") {
  const World w;
  Judged behind = w.make("behind", w.sign() + "Paid.");
  CHECK(words_of(judge(behind).verdict) == "INDETERMINATE SIG_CONSTRAINTS_FAILURE cms_octets_behind 5");
  CHECK(judge(behind).signatures.front().cryptographic == signature::Cryptographic::verified);
  CHECK(judge(w.make("padded", w.sign() + base::Bytes(100, '\0'))).verdict.is_passed());
  CHECK(judge(w.make("line", w.sign() + "\r\n")).verdict.is_passed());
  CHECK(judge(w.make("mixed", w.sign() + base::Bytes("\0x", 2))).verdict.indication == Indication::indeterminate);
}

TEST_CASE("a path is valid for the certificate policies that the policy demands") {
  const World w;
  const Judged one = w.make("any", w.sign());
  const auto verdict_by = [&](const signature::ValidationPolicy& policy) {
    const testing::MemoryContent content(w.letter);
    return signature::validate_document(signature::read_cades(one.document, &content), one.material, policy, one.moment)
        .report.verdict;
  };
  auto policy = signature::default_policy();
  policy.certificate_policies = {"2.16.840.1.101.3.2.1.48.1"};
  CHECK(verdict_by(policy).is_passed());
  policy.needs_certificate_policy = true;
  CHECK(words_of(verdict_by(policy)) == "INDETERMINATE CERTIFICATE_CHAIN_GENERAL_FAILURE chain_refused ");
}
