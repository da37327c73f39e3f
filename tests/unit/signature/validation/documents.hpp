// Documents for the validation: for each indication and sub-indication of EN 319 102-1 one that yields exactly it,
// signed with keys of the tests. tests/vectors/signatures holds the same, made once and checked in.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "signature/policy/validation_policy.hpp"
#include "signature/validation/validate_signature.hpp"
#include "unit/signature/cades/cades_fixture.hpp"
#include "unit/signature/xades/xades_fixture.hpp"
#include "xml/canonicalize.hpp"

namespace testing {

using signature::Indication;
using signature::SubIndication;

/// A document with everything that its judgement needs, and what the judgement is.
struct Judged {
  std::string name;
  base::Bytes document;
  std::optional<base::Bytes> content;
  signature::Material material;
  signature::Moment moment{noon, noon};
  std::map<std::string, std::string, std::less<>> signature_policies;  // that the policy knows
  std::map<std::string, std::string> algorithms;  // ends in the policy instead of its own: a day, or "never"
  Indication indication = Indication::total_passed;
  SubIndication sub_indication = SubIndication::none;
  /// The same without all that says something about revocation. none: it makes no difference.
  std::optional<SubIndication> without_revocation;
};

inline signature::ValidationPolicy policy_of(const Judged& one) {
  signature::ValidationPolicy policy = signature::default_policy();
  policy.signature_policies = one.signature_policies;
  for (const auto& [name, end] : one.algorithms) {
    if (end == "never") {
      policy.algorithms.erase(name);
    } else {
      policy.algorithms[name] = base::parse_rfc3339(end + "T00:00:00Z").value();
    }
  }
  return policy;
}

inline signature::ValidationReport judge(const Judged& one) {
  std::optional<MemoryContent> content;
  if (one.content) content.emplace(*one.content);
  const auto view = one.document.starts_with('<') ? signature::read_xades(one.document, {})
                                                  : signature::read_cades(one.document, content ? &*content : nullptr);
  return signature::validate_document(view, one.material, policy_of(one), one.moment).report;
}

struct ListWish {
  base::Time this_update = noon - std::chrono::minutes(30);
  base::Time next_update = noon + std::chrono::hours(24);
  std::vector<crypto::RevokedSerial> revoked{};
};
/// Attributes of one's own choice.
struct HandChoice {
  std::optional<base::Time> content_stamp{};
  bool has_reference = true;
  bool is_duplicate = false;
};

/// A root, an issuing authority, Anna, and a time-stamp authority, with lists.
struct World {
  SmallAuthority authority;
  Signer anna = make_signer(authority, "Anna Nowak");
  base::Bytes letter = "Dear Ewa,\nall is well.\n";
  base::Time signed_at = noon - std::chrono::hours(1);
  crypto::SoftKey stamp_key = soft_key_of(crypto::SoftKeyKind::ec_p384);
  base::Bytes stamp_certificate = authority.issue(stamping_template(stamp_key));

  [[nodiscard]] base::Bytes list(const ListWish& wish, bool of_root = false) const {
    crypto::RevocationListTemplate wanted;
    wanted.number = 1;
    wanted.this_update = wish.this_update;
    wanted.next_update = wish.next_update;
    wanted.revoked = wish.revoked;
    const crypto::Issuer issuer =
        of_root ? crypto::Issuer{authority.root, authority.root_key} : crypto::Issuer{authority.issuing, authority.key};
    return crypto::make_revocation_list(wanted, issuer).value();
  }
  [[nodiscard]] static crypto::RevokedSerial revoke(base::BytesView certificate, base::Time at) {
    return {crypto::parse_certificate(certificate)->serial, at, crypto::RevocationReason::key_compromise};
  }
  /// The list with the entry's reason "certificate hold", which this program never gives itself.
  [[nodiscard]] base::Bytes list_with_hold(base::Time at) const {
    namespace der = crypto::der;
    const base::Bytes made = list({.revoked = {revoke(anna.certificate, at)}});
    der::Reader outer(made);
    der::Reader inside = outer.enter(der::sequence).value();
    base::Bytes body(inside.take(der::sequence)->whole);
    const base::Bytes algorithm(inside.take(der::sequence)->whole);
    // The extension reasonCode, 2.5.29.21.
    const std::size_t reason = body.find("\x0a\x01\x01", body.find("\x06\x03\x55\x1d\x15"));
    REQUIRE(reason != base::Bytes::npos);
    body[reason + 2] = 6;
    const auto key = crypto::SoftKey::from_pkcs8(authority.key.to_pkcs8().value()).value();
    const base::Bytes value = base::Bytes(1, '\0') + key.sign(ecdsa_256, body).value();
    return der::make(der::sequence, {body, algorithm, der::make(der::bit_string, value)});
  }

  [[nodiscard]] std::vector<signature::RevocationSource> lists(const ListWish& wish = {}) const {
    return {{list(wish), true, "given"}, {list({}, true), true, "given"}};
  }
  [[nodiscard]] signature::Material material() const {
    signature::Material made;
    made.signature_anchors = {authority.root};
    made.timestamp_anchors = {authority.root};
    made.revocation = lists();
    return made;
  }

  [[nodiscard]] signature::SignatureWish wish(const Signer& signer) const {
    signature::SignatureWish one;
    one.certificate = signer.certificate;
    one.chain = {authority.issuing};
    one.algorithm = ecdsa_256;
    one.signing_time = signed_at;
    return one;
  }
  [[nodiscard]] base::Bytes sign(const signature::SignatureWish& wanted, const Signer& signer) const {
    const MemoryContent content(letter);
    const auto prepared = signature::prepare_cades(wanted, content);
    REQUIRE_MESSAGE(prepared, base::describe(prepared.error()));
    const base::Bytes value = signer.sign(prepared->algorithm, prepared->to_be_signed);
    return signature::complete_cades(prepared->state, value, &content).value();
  }
  [[nodiscard]] base::Bytes sign() const { return sign(wish(anna), anna); }

  [[nodiscard]] base::Bytes stamp(base::BytesView octets, base::Time at) const {
    const crypto::SignatureAlgorithm algorithm{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha384};
    const auto key = stamp_key;
    const crypto::TimestampSigner signer{
        stamp_certificate, {authority.issuing}, algorithm, [key, algorithm](base::BytesView text) {
          return key.sign(algorithm, text);
        }};
    auto info = info_about(octets);
    info.at = at;
    return crypto::make_timestamp_token(info, signer, true).value();
  }
  [[nodiscard]] base::Bytes stamped(const base::Bytes& signature, base::Time at) const {
    const auto octets = signature::stamped_octets(signature, 0).value();
    return signature::add_signature_timestamp(signature, 0, stamp(octets, at)).value();
  }

  [[nodiscard]] base::Bytes sign_by_hand(const HandChoice& choice, const base::Bytes& named) const {
    namespace cms = crypto::cms;
    namespace der = crypto::der;
    std::vector<base::Bytes> all{
        cms::make_attribute(cms::content_type, der::make(cms::id_data)),
        cms::make_attribute(cms::message_digest,
                            der::make(der::octet_string, crypto::digest(crypto::DigestKind::sha256, letter))),
        cms::make_attribute(cms::signing_time, der::make_time(signed_at))};
    if (choice.has_reference) {
      all.push_back(cms::make_signing_certificate(anna.certificate, crypto::DigestKind::sha256).value());
    }
    if (choice.content_stamp) {
      all.push_back(cms::make_attribute(cms::content_timestamp, stamp(letter, *choice.content_stamp)));
    }
    if (choice.is_duplicate) all.push_back(all.front());
    std::sort(all.begin(), all.end());
    base::Bytes joined;
    for (const base::Bytes& one : all) joined.append(one);
    const auto parts = cms::read_certificate_parts(anna.certificate).value();
    const base::Bytes value = anna.sign(ecdsa_256, cms::octets_to_sign(joined));
    const base::Bytes signer =
        cms::make_signer({parts.issuer, parts.serial, cms::make_identifier(crypto::DigestKind::sha256), joined,
                          cms::make_identifier(ecdsa_256)},
                         value);
    cms::SignedDataParts data;
    data.digest_algorithms = {cms::make_identifier(crypto::DigestKind::sha256)};
    data.content_type = cms::id_data.content();
    data.certificates = {named, authority.issuing};
    data.signers = {signer};
    return cms::make_signed_data(data);
  }
  [[nodiscard]] base::Bytes sign_by_hand(const HandChoice& choice) const {
    return sign_by_hand(choice, anna.certificate);
  }

  [[nodiscard]] Judged make(std::string name, base::Bytes document) const {
    Judged one;
    one.name = std::move(name);
    one.document = std::move(document);
    one.content = letter;
    one.material = material();
    return one;
  }
};

inline Judged expect(Judged one, Indication indication, SubIndication sub_indication) {
  one.indication = indication;
  one.sub_indication = sub_indication;
  return one;
}
inline Judged unless_revocation(Judged one, SubIndication instead) {
  one.without_revocation = instead;
  return one;
}

// Each below is a document that yields what its name says.

inline std::vector<Judged> passed_documents(const World& w) {
  std::vector<Judged> all;
  all.push_back(unless_revocation(w.make("total_passed", w.sign()), SubIndication::try_later));
  all.push_back(unless_revocation(w.make("total_passed_with_timestamp", w.stamped(w.sign(), w.signed_at)),
                                  SubIndication::try_later));
  // Revoked now, and stamped before.
  Judged revoked = w.make("total_passed_revoked_later", w.stamped(w.sign(), w.signed_at));
  revoked.material.revocation =
      w.lists({.revoked = {World::revoke(w.anna.certificate, noon - std::chrono::minutes(40))}});
  all.push_back(unless_revocation(revoked, SubIndication::try_later));
  // Expired now, and stamped before; the lists are of the time between. The time-stamp authority lives longer.
  World later = w;
  auto stamping = stamping_template(later.stamp_key);
  stamping.not_after = noon + 300 * a_day;
  later.stamp_certificate = later.authority.issue(stamping);
  Judged expired = later.make("total_passed_expired_later", later.stamped(later.sign(), later.signed_at));
  expired.moment = {noon + 101 * a_day, noon + 101 * a_day};
  expired.material.revocation = {{later.list({noon + 99 * a_day, noon + 100 * a_day, {}}), true, "given"},
                                 {later.list({noon + 101 * a_day, noon + 102 * a_day, {}}), true, "given"},
                                 {later.list({noon + 101 * a_day, noon + 102 * a_day, {}}, true), true, "given"}};
  all.push_back(unless_revocation(expired, SubIndication::out_of_bounds_no_poe));
  return all;
}

inline std::vector<Judged> failed_documents(const World& w) {
  using I = Indication;
  using S = SubIndication;
  const auto an_hour = std::chrono::hours(1);
  std::vector<Judged> all;
  all.push_back(
      expect(w.make("format_failure", w.sign_by_hand({.is_duplicate = true})), I::total_failed, S::format_failure));
  Judged altered = w.make("hash_failure", w.sign());
  altered.content = "Dear Ewa,\nall is lost.\n";
  all.push_back(expect(altered, I::total_failed, S::hash_failure));
  base::Bytes wrong = w.sign();
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  all.push_back(expect(w.make("sig_crypto_failure", wrong), I::total_failed, S::sig_crypto_failure));

  // A time stamp over the content that is younger than the revocation: so is the signature.
  Judged revoked = w.make("revoked", w.sign_by_hand({.content_stamp = noon - an_hour}));
  revoked.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - 2 * an_hour)}});
  all.push_back(unless_revocation(expect(revoked, I::total_failed, S::revoked), S::try_later));

  // The same with the end of the certificate.
  World ended;
  auto wanted = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  wanted.public_key = ended.anna.key.public_key();
  wanted.not_after = noon - 2 * an_hour;
  ended.anna.certificate = ended.authority.issue(wanted);
  all.push_back(expect(ended.make("expired", ended.sign_by_hand({.content_stamp = noon - an_hour})), I::total_failed,
                       S::expired));

  // The key is older than its certificate, and so is the signature.
  World renewed;
  wanted.not_before = noon - an_hour;
  wanted.not_after = noon + a_day;
  wanted.public_key = renewed.anna.key.public_key();
  renewed.anna.certificate = renewed.authority.issue(wanted);
  all.push_back(expect(renewed.make("not_yet_valid", renewed.stamped(renewed.sign(), noon - 2 * an_hour)),
                       I::total_failed, S::not_yet_valid));
  return all;
}

inline std::vector<Judged> constrained_documents(const World& w) {
  using I = Indication;
  using S = SubIndication;
  std::vector<Judged> all;
  all.push_back(expect(w.make("sig_constraints_failure", w.sign_by_hand({.has_reference = false})), I::indeterminate,
                       S::sig_constraints_failure));
  World usage;
  auto wanted = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  wanted.public_key = usage.anna.key.public_key();
  wanted.key_uses = {crypto::KeyUse::key_agreement};
  usage.anna.certificate = usage.authority.issue(wanted);
  all.push_back(
      expect(usage.make("chain_constraints_failure", usage.sign()), I::indeterminate, S::chain_constraints_failure));

  World forged;
  forged.authority.issuing.back() = static_cast<char>(forged.authority.issuing.back() ^ 1);
  all.push_back(expect(forged.make("certificate_chain_general_failure", forged.sign()), I::indeterminate,
                       S::certificate_chain_general_failure));

  const crypto::SignatureAlgorithm by_384{crypto::SignatureScheme::ecdsa, crypto::DigestKind::sha384};
  const Signer strong = make_signer(w.authority, "Anna Nowak", crypto::SoftKeyKind::ec_p384);
  auto by_384_wish = w.wish(strong);
  by_384_wish.algorithm = by_384;
  Judged never = w.make("crypto_constraints_failure", w.sign(by_384_wish, strong));
  never.algorithms = {{"sha384", "never"}};
  all.push_back(expect(never, I::indeterminate, S::crypto_constraints_failure));
  Judged over = w.make("crypto_constraints_failure_no_poe", w.sign(by_384_wish, strong));
  over.algorithms = {{"sha384", "2026-01-01"}};
  all.push_back(unless_revocation(expect(over, I::indeterminate, S::crypto_constraints_failure_no_poe), S::try_later));

  auto under_policy = w.wish(w.anna);
  under_policy.policy = signature::PolicyReference{"1.2.3.4.5", crypto::DigestKind::sha256, base::Bytes(32, 'p'), {}};
  all.push_back(expect(w.make("signature_policy_not_available", w.sign(under_policy, w.anna)), I::indeterminate,
                       S::signature_policy_not_available));
  Judged differs = w.make("policy_processing_error", w.sign(under_policy, w.anna));
  differs.signature_policies = {{"1.2.3.4.5", base::to_hex(base::Bytes(32, 'q'))}};
  all.push_back(expect(differs, I::indeterminate, S::policy_processing_error));

  const base::Bytes contradicting = w.sign_by_hand({.content_stamp = noon - std::chrono::minutes(10)});
  all.push_back(expect(w.make("timestamp_order_failure", w.stamped(contradicting, noon - std::chrono::minutes(50))),
                       I::indeterminate, S::timestamp_order_failure));

  const Signer other = make_signer(w.authority, "Ewa Lis");
  all.push_back(expect(w.make("no_signing_certificate_found", w.sign_by_hand({}, other.certificate)), I::indeterminate,
                       S::no_signing_certificate_found));
  Judged alone = w.make("signed_data_not_found", w.sign());
  alone.content.reset();
  all.push_back(expect(alone, I::indeterminate, S::signed_data_not_found));
  return all;
}

inline std::vector<Judged> chain_documents(const World& w) {
  using I = Indication;
  using S = SubIndication;
  const auto an_hour = std::chrono::hours(1);
  std::vector<Judged> all;
  Judged stranger = w.make("no_certificate_chain_found", w.sign());
  stranger.material.signature_anchors = {World().authority.root};
  all.push_back(expect(stranger, I::indeterminate, S::no_certificate_chain_found));

  World lasting;
  auto issuing = SmallAuthority::authority_template("Test Issuing");
  issuing.public_key = lasting.authority.key.public_key();
  issuing.not_after = noon + 3000 * a_day;
  lasting.authority.issuing = crypto::issue(issuing, {lasting.authority.root, lasting.authority.root_key}).value();
  auto leaf = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  leaf.public_key = lasting.anna.key.public_key();
  leaf.not_after = noon + 2000 * a_day;
  lasting.anna.certificate = lasting.authority.issue(leaf);
  Judged sunset = lasting.make("no_certificate_chain_found_no_poe", lasting.sign());
  sunset.moment = {noon + 1001 * a_day, noon + 1001 * a_day};
  all.push_back(expect(sunset, I::indeterminate, S::no_certificate_chain_found_no_poe));

  Judged revoked = w.make("revoked_no_poe", w.sign());
  revoked.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - an_hour)}});
  all.push_back(unless_revocation(expect(revoked, I::indeterminate, S::revoked_no_poe), S::try_later));
  Judged authority = w.make("revoked_ca_no_poe", w.sign());
  authority.material.revocation = {
      {w.list({}), true, "given"},
      {w.list({.revoked = {World::revoke(w.authority.issuing, noon - an_hour)}}, true), true, "given"}};
  all.push_back(unless_revocation(expect(authority, I::indeterminate, S::revoked_ca_no_poe), S::try_later));

  Judged ended = w.make("out_of_bounds_not_revoked", w.sign());
  ended.moment = {noon + 101 * a_day, noon + 101 * a_day};
  all.push_back(
      unless_revocation(expect(ended, I::indeterminate, S::out_of_bounds_not_revoked), S::out_of_bounds_no_poe));
  Judged unknown = ended;
  unknown.name = "out_of_bounds_no_poe";
  unknown.material.revocation.clear();
  all.push_back(expect(unknown, I::indeterminate, S::out_of_bounds_no_poe));

  // The certificate of the responder has ended, its answer has not.
  auto wanted = SmallAuthority::leaf_template(key_of(crypto::KeyKind::ec_p256));
  wanted.extended_uses = {crypto::ExtendedUse::ocsp_signing};
  wanted.has_no_check = true;
  wanted.not_after = noon + 2 * an_hour;
  const base::Bytes responder = w.authority.issue(wanted);
  const auto request =
      crypto::OcspRequest::parse(crypto::make_ocsp_request(w.anna.certificate, w.authority.issuing).value()).value();
  const base::Bytes answer = crypto::answer_ocsp(request, {{crypto::OcspStatus::good}}, {noon, noon + 30 * a_day},
                                                 {responder, key_of(crypto::KeyKind::ec_p256)})
                                 .value();
  Judged bounds = w.make("revocation_out_of_bounds_no_poe", w.sign());
  bounds.material.revocation = {{answer, false, "given"}, {w.list({}, true), true, "given"}};
  bounds.moment = {noon + 3 * an_hour, noon + 3 * an_hour};
  all.push_back(unless_revocation(expect(bounds, I::indeterminate, S::revocation_out_of_bounds_no_poe), S::try_later));

  Judged later = w.make("try_later", w.sign());
  later.material.revocation.clear();
  all.push_back(expect(later, I::indeterminate, S::try_later));
  Judged hold = w.make("try_later_on_hold", w.sign());
  hold.material.revocation = {{w.list_with_hold(noon - an_hour), true, "given"}, {w.list({}, true), true, "given"}};
  all.push_back(expect(hold, I::indeterminate, S::try_later));
  return all;
}

/// A XAdES signature whose only time stamp covers its references to certificates and answers, made at `at`.
inline base::Bytes sign_with_stamped_references(const World& w, base::Time at) {
  XadesFixture xades{w.authority, w.anna};
  auto wanted = xades.wish(signature::Packaging::enveloped);
  wanted.signing_time = w.signed_at;
  const std::string method =
      "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>";
  const std::string with_refs =
      replaced(xades.sign(wanted, "<letter><pay>10</pay></letter>"), "</xades:SignedProperties>",
               "</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
               "<xades:CompleteCertificateRefs></xades:CompleteCertificateRefs>"
               "<xades:CompleteRevocationRefs></xades:CompleteRevocationRefs><xades:RefsOnlyTimeStamp>" +
                   method +
                   "<xades:EncapsulatedTimeStamp>TOKEN</xades:EncapsulatedTimeStamp></xades:RefsOnlyTimeStamp>"
                   "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>");
  const auto parsed = xml::parse(with_refs);
  REQUIRE(parsed.document);
  base::Bytes covered;
  for (const char* name : {"CompleteCertificateRefs", "CompleteRevocationRefs"}) {
    const auto found = parsed.document->root().find_below("http://uri.etsi.org/01903/v1.3.2#", name);
    covered += xml::canonicalize(*parsed.document, found.front()).value();
  }
  return replaced(with_refs, "TOKEN", base::to_base64(w.stamp(covered, at)));
}

inline std::vector<Judged> existence_documents(const World& w) {
  // Revoked after the references were stamped: were the signature as old as they are, it would count.
  Judged one = w.make("no_poe", sign_with_stamped_references(w, w.signed_at));
  one.content.reset();
  one.material.revocation = w.lists({.revoked = {World::revoke(w.anna.certificate, noon - std::chrono::minutes(40))}});
  return {unless_revocation(expect(one, Indication::indeterminate, SubIndication::no_poe), SubIndication::try_later)};
}

inline std::vector<Judged> all_documents() {
  const World w;
  std::vector<Judged> all = passed_documents(w);
  for (const auto make : {failed_documents, constrained_documents, chain_documents, existence_documents}) {
    for (Judged& one : make(w)) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace testing
