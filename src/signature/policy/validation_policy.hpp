// A validation policy: the constraints of EN 319 102-1 clause 5.1.4 as values. A file in TOML becomes one of these
// (chancery check-policy); nothing here reads a file or a clock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace signature {

/// How long an algorithm counts: until then, not included; nullopt = no end is known. One that is not named has never
/// counted.
using AlgorithmEnds = std::map<std::string, std::optional<base::Time>, std::less<>>;

struct ValidationPolicy {
  std::string name = "default";

  /// Digests ("sha256"), schemes ("rsa-pkcs1", "rsa-pss", "ecdsa", "dsa"), keys from a size on ("rsa.2048", "ecc.256").
  AlgorithmEnds algorithms;

  // Clause 5.1.4.2, constraints on paths.
  std::vector<std::string> key_usages;  // the signer's certificate needs one of these; empty = any
  std::size_t most_depth = 6;           // certificates between the signer's and the anchor
  bool needs_revocation = true;         // of each certificate below the anchor
  // Inputs of RFC 5280 §6.1.1 for the signer's path, which are constraints of clause 5.1.4.2, too.
  std::vector<std::string> certificate_policies;  // user-initial-policy-set, dotted; empty = any-policy
  bool needs_certificate_policy = false;          // initial-explicit-policy
  bool refuses_policy_mapping = false;            // initial-policy-mapping-inhibit
  bool refuses_any_policy = false;                // initial-any-policy-inhibit

  // Clause 5.2.5: how old an answer about revocation may be.
  base::Duration fresh = std::chrono::hours(24);  // until then it counts in any case, later until its next update
  std::optional<base::Duration> oldest;           // after that it does not count, whatever it says; nullopt = no limit
  bool is_offline = false;                        // nothing is fetched

  // Clause 5.1.4.4, constraints on elements of the signature.
  bool needs_certificate_reference = true;  // signing-certificate, SigningCertificate (either version)
  bool needs_timestamp = false;
  bool ignores_unknown_policies = false;  // a signature policy that is not named below; else it is undecided
  std::map<std::string, std::string, std::less<>> signature_policies;  // id → SHA-256 of its document, hex; "" = any
  bool allows_partial = false;          // signatures that cover only a part of the XML document that they are in
  std::vector<std::string> transforms;  // URIs that references of XML may use

  // Time stamps.
  std::vector<std::string> timestamp_policies;  // OIDs that count; empty = all of trusted authorities
  std::optional<base::Duration> longest_delay;  // from the claimed time to the stamp; nullopt = any

  /// SHA-256 of the anchors that count, hex; empty = all that the installation trusts for the purpose.
  std::vector<std::string> anchors;

  bool operator==(const ValidationPolicy&) const = default;
};

/// What holds without a file. Ends of algorithms: ETSI TS 119 312 V1.4.3 clauses 5 to 7 and 9, for MD5 and SHA-1 its
/// forerunner TS 102 176-1 V2.1.1 table 18.
ValidationPolicy default_policy();

/// The names that a policy may give an end: of digests and schemes, and "rsa." or "ecc." with bits.
bool is_algorithm_name(std::string_view name);
/// Names of key usages as in RFC 5280 §4.2.1.3 that a policy may name: "digitalSignature", "nonRepudiation".
bool is_key_usage_name(std::string_view name);

/// Whether the text is an OID in dotted form that a certificate policy can have.
bool is_policy_id(std::string_view text);

struct AlgorithmJudgement {
  enum class State {
    good,
    ended,  // it counted until `until`
    never,  // not in the policy
  };
  State state = State::good;
  std::optional<base::Time> until;
  std::string name;  // of the algorithm, for the report
};
AlgorithmJudgement judge_digest(const ValidationPolicy& policy, crypto::DigestKind kind, base::Time at);
AlgorithmJudgement judge_scheme(const ValidationPolicy& policy, crypto::SignatureScheme scheme, base::Time at);
/// `family`: "rsa", "ecc"; the entry of the largest size that the key reaches counts.
AlgorithmJudgement judge_key_size(const ValidationPolicy& policy, std::string_view family, int bits, base::Time at);
/// The worst: never before ended before good; of two that have ended the one that ended first.
AlgorithmJudgement worst_of(AlgorithmJudgement one, AlgorithmJudgement other);

/// Clause 5.2.5: whether an answer from `this_update` on counts for `control_time`. Later ones do as well.
bool is_fresh(const ValidationPolicy& policy, base::Time this_update, std::optional<base::Time> next_update,
              base::Time control_time);

}  // namespace signature
