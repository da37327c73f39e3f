// A signature as a format reads it, for the building blocks of the validation: what it says, and what of it is right by
// its octets alone. Nothing here was judged by a policy, a path or a clock.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"
#include "signature/form/signature_wish.hpp"
#include "signature/report/report.hpp"

namespace signature {

/// A time stamp token and what it must cover.
struct TimestampView {
  TimestampNote::Kind kind = TimestampNote::Kind::signature;
  base::Bytes token;  // ContentInfo, DER
  /// The octets that it must have stamped, by the token's own digest. nullopt: the rule for them is not built; then it
  /// proves nothing.
  std::function<std::optional<base::Bytes>(crypto::DigestKind)> find_imprint;
  /// Of one for the archive: whether it covers that other token of the signature, by its octets. What it does not cover
  /// may be younger. Empty: none.
  std::function<bool(base::BytesView)> covers{};
};

struct SignatureView {
  std::string id;
  std::string format;  // as in SignatureReport
  Level level = Level::b;
  bool is_baseline = false;  // it has what the level B of its format demands
  std::string packaging;

  /// Block "format checking" (5.2.2): why it is no signature of that form; reason "" = it is one.
  std::string format_flaw;
  std::string format_detail;

  /// Block "identification of the signing certificate" (5.2.3). DER; "" = none found. A reference is
  /// SigningCertificate(V2) or ESSCertID(v2).
  base::Bytes certificate;
  bool has_certificate_reference = false;
  bool matches_certificate_reference = false;
  crypto::DigestKind reference_digest = crypto::DigestKind::sha256;

  /// Block "cryptographic verification" (5.2.7): data found, digests right, value right; judged in this order.
  bool is_data_found = true;
  std::string missing_data;  // name or URI
  bool are_digests_right = false;
  bool is_only_entry_wrong = false;  // every reference is right, but not an entry of a manifest (XML-DSig §5.1)
  std::string wrong_digest;          // name or URI of the first part that differs
  std::string unknown_digest;  // an algorithm by which a digest cannot be compared here; no part is known to differ
  /// Whether the value was compared with a key: that of the certificate, or one that the signature itself brings, which
  /// says nothing about who signed.
  bool is_value_checked = false;
  bool is_value_right = false;
  std::optional<crypto::SignatureAlgorithm> algorithm;  // nullopt: one that this program does not know
  std::string algorithm_name;                           // as it stands in the signature, for the report
  std::vector<std::string> digests;                     // names of every digest used by a reference: "sha256", or a URI
  std::vector<std::string> transforms;                  // URIs of every transform and canonicalisation in XML

  /// Signed attributes and properties (5.2.8).
  std::optional<base::Time> claimed_at;
  std::string policy;
  base::Bytes policy_digest;
  std::string commitment;
  std::string role;
  std::string unknown_critical;  // a signed property that cannot be judged
  /// Why it is not accepted though its octets can be judged, as a code for words: it breaks a rule of its form that
  /// says nothing about the value. "" = it breaks none.
  std::string breach;
  std::string breach_detail;
  std::vector<std::string> notes;  // as in SignatureReport
  std::string uncovered;           // name of a content that was handed in and that no signature of the document covers

  /// Of a counter-signature: what it covers is the value of the other signature.
  bool is_counter_signature = false;
  std::vector<ScopePart> scope;
  std::vector<base::Bytes> certificates;  // embedded, DER, in any order
  std::vector<base::Bytes> lists;         // CRLs, DER
  std::vector<base::Bytes> ocsp_answers;  // BasicOCSPResponse or OCSPResponse, DER
  std::vector<TimestampView> timestamps;
  std::vector<SignatureView> counter_signatures;
};

/// What a document holds.
struct DocumentView {
  std::vector<SignatureView> signatures;
  std::string flaw;  // why the document cannot be read at all: "" = it can. Code for words: "xml_dtd", "cms_malformed"
  std::string detail;
};

}  // namespace signature
