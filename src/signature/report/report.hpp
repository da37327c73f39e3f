// What a validation finds, in the words of EN 319 102-1 clause 5.1.3 and TS 119 102-2. The words are exactly those of
// the norm; a door prints them and adds sentences of its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace signature {

enum class Indication : std::uint8_t {
  total_passed,
  total_failed,
  indeterminate,
};
/// "TOTAL-PASSED"
std::string_view name_of(Indication indication);
/// "urn:etsi:019102:mainindication:total-passed", TS 119 102-2 §4.3.
std::string urn_of(Indication indication);

enum class SubIndication : std::uint8_t {
  none,
  format_failure,
  hash_failure,
  sig_crypto_failure,
  revoked,
  expired,
  not_yet_valid,
  sig_constraints_failure,
  chain_constraints_failure,
  certificate_chain_general_failure,
  crypto_constraints_failure,
  policy_processing_error,
  signature_policy_not_available,
  timestamp_order_failure,
  no_signing_certificate_found,
  no_certificate_chain_found,
  no_certificate_chain_found_no_poe,
  revoked_no_poe,
  revoked_ca_no_poe,
  out_of_bounds_not_revoked,
  out_of_bounds_no_poe,
  revocation_out_of_bounds_no_poe,
  crypto_constraints_failure_no_poe,
  no_poe,
  try_later,
  signed_data_not_found,
};
inline constexpr std::size_t count_of_sub_indications = 26;  // with none
/// "HASH_FAILURE"; none: "".
std::string_view name_of(SubIndication sub_indication);
/// "urn:etsi:019102:subindication:HASH_FAILURE"; none: "".
std::string urn_of(SubIndication sub_indication);

/// A verdict of a building block or of the whole. `reason`: a code for words in three languages, "document_altered".
struct Verdict {
  Indication indication = Indication::indeterminate;
  SubIndication sub_indication = SubIndication::none;
  std::string reason;
  std::string detail;  // what it is about: an algorithm, a name, a time; not translated

  [[nodiscard]] bool is_passed() const { return indication == Indication::total_passed; }
};
inline Verdict passed() {
  return {Indication::total_passed, SubIndication::none, {}, {}};
}
inline Verdict failed(SubIndication why, std::string reason, std::string detail = {}) {
  return {Indication::total_failed, why, std::move(reason), std::move(detail)};
}
inline Verdict undecided(SubIndication why, std::string reason, std::string detail = {}) {
  return {Indication::indeterminate, why, std::move(reason), std::move(detail)};
}
/// TOTAL-FAILED before INDETERMINATE before TOTAL-PASSED; of two alike the first.
const Verdict& worst_of(const Verdict& one, const Verdict& other);

/// What the octets alone say: whether each digest and the value are right, whatever certificate, time and policy say.
/// It is no verdict: also the value of a signature that nobody trusts, or over one element, can be right.
enum class Cryptographic : std::uint8_t {
  not_checked,  // data, key or algorithm is not at hand, or the form was refused before
  verified,
  failed,
};
/// "not_checked"
std::string_view name_of(Cryptographic cryptographic);

/// What a signature covers.
struct ScopePart {
  enum class Kind : std::uint8_t {
    full,      // the whole document
    element,   // a part of an XML document
    file,      // detached content
    revision,  // of a PDF
    manifest,  // an entry of a manifest, which the signature covers by its digest only
  };
  Kind kind = Kind::full;
  std::string name;  // of a file, or the path of the element
};
/// "full"
std::string_view name_of(ScopePart::Kind kind);

struct CertificateNote {
  std::string subject;  // RFC 4514
  std::string issuer;
  std::string serial;  // hexadecimal
  std::string sha256;  // hexadecimal
  base::Time not_before;
  base::Time not_after;
  /// "good", "revoked", "unknown", "not asked"; whence: "embedded", "fetched", "own".
  std::string revocation;
  std::string revocation_from;
  std::optional<base::Time> revoked_at;
};

struct TimestampNote {
  enum class Kind : std::uint8_t {
    content,
    signature,
    references,  // of certificates and answers about revocation, not of the signature (RefsOnlyTimeStamp)
    archive,
  };
  Kind kind = Kind::signature;
  base::Time at;
  std::string authority;  // common name of its certificate, or the whole name
  std::string policy;     // OID
  Verdict verdict;
};
/// "signature"
std::string_view name_of(TimestampNote::Kind kind);

struct SignerNote {
  std::string name;
  std::string organisation;
  std::string serial;
  std::string issuer;
};

struct SignatureReport {
  std::string id;      // within the document
  std::string format;  // "CAdES", "XAdES", "CMS", "XMLDSig"
  std::string level;   // "B", "T", "LT", "LTA", as far as it holds; "" = below the baseline
  std::string packaging;
  Verdict verdict;
  Cryptographic cryptographic = Cryptographic::not_checked;
  std::string claimed_level;  // that its parts are made for, if it is more than what holds; "" = the same
  Verdict level_flaw;         // what the level is short of: reason "" = nothing
  std::vector<std::pair<std::string, Verdict>> blocks;  // each building block by the norm's name, in its order
  SignerNote signer;
  std::string qualification;  // "AdES", "AdESig-QC", "QESig" …: advanced unless a trusted list says more
  std::optional<base::Time> claimed_at;
  std::optional<base::Time> best_signature_time;
  bool is_time_proven = false;  // by a time stamp; else claimed only
  std::string algorithm;        // "ecdsa-sha256"
  std::string policy;           // EPES id
  std::string commitment;
  std::string role;
  std::vector<ScopePart> scope;
  std::vector<CertificateNote> certificates;  // from the signer's to the anchor
  std::vector<TimestampNote> timestamps;
  std::vector<std::string> changes_after;
  std::vector<std::string> notes{};  // what a reader of the document should know, as codes for words
  std::vector<SignatureReport> counter_signatures;
};

struct ValidationReport {
  Verdict verdict;  // the worst of its signatures: TOTAL-FAILED before INDETERMINATE before TOTAL-PASSED
  std::vector<SignatureReport> signatures;
  std::string policy;
  base::Time validated_at;    // the time for which it was asked
  std::string document_name;  // "" = not known
  std::string document_sha256;
  std::string content_sha256{};  // of the one document that was given beside it; "" = none, several, or not known
};
/// The worst verdict of all its signatures and counter-signatures; of a document without any: TOTAL-FAILED,
/// FORMAT_FAILURE with the reason "not_signed" (clause 5.2.2).
Verdict judge_whole(const std::vector<SignatureReport>& signatures);

}  // namespace signature
