// Verifies a path of certificates (RFC 5280 §6) with OpenSSL's strict rules. It never asks the network: what it uses is
// given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace crypto {

enum class PathFlaw : std::uint8_t {
  none,
  broken,         // not readable, or malformed inside
  too_large,      // more certificates or octets than allowed
  untrusted,      // no path to an anchor
  bad_signature,  // on the path
  expired,
  not_yet_valid,
  weak,          // key or digest
  usage,         // not for this purpose, or an issuer that may not issue
  name_refused,  // name constraints
  policy,        // policies
  too_deep,      // longer than the path may be
  revoked,
  unknown_revocation,  // no list, an expired one, or one that cannot be used
  critical_extension,  // that this program does not know
  other,
};
std::string_view name_of(PathFlaw flaw);

enum class PathPurpose : std::uint8_t {
  any,  // only for tests of the path itself
  tls_client,
  tls_server,
  ocsp,
  time_stamp,
};

struct PathRules {
  PathPurpose purpose = PathPurpose::tls_client;
  base::Time now;
  std::size_t most_depth = 6;        // certificates between the leaf and the anchor
  bool checks_lists = false;         // every certificate of the path needs a list of `lists`
  bool lists_for_leaf_only = false;  // … and only the first one
  bool allows_unlisted = false;      // … but one without a list counts as not revoked
  bool ignores_time = false;         // certificates and lists of any time: the caller judges their times
  bool allows_weak = false;          // any key and digest: the caller judges them by its policy
  /// An authority's basicConstraints need not be critical: RFC 5280 §4.2.1.9 binds those who issue, and §6.1.4 (k),
  /// which binds those who judge, does not ask for it.
  bool allows_uncritical_constraints = false;
  bool needs_policy = false;          // initial-explicit-policy
  bool refuses_mapping = false;       // initial-policy-mapping-inhibit
  bool refuses_any_policy = false;    // initial-inhibit-any-policy
  std::vector<std::string> policies;  // user-initial-policy-set, dotted; empty = any-policy
};

struct PathMaterial {
  base::BytesView leaf;
  std::vector<base::Bytes> intermediates;  // DER, in any order
  std::vector<base::Bytes> anchors;        // DER
  std::vector<base::Bytes> lists;          // CRLs, DER, complete and delta
};

struct PathJudgement {
  PathFlaw flaw = PathFlaw::none;
  std::string reason;             // for log and tests: OpenSSL's words
  std::vector<base::Bytes> path;  // from the leaf to the anchor; empty unless good
  [[nodiscard]] bool is_good() const { return flaw == PathFlaw::none; }
};
inline constexpr std::size_t most_certificates = 32;
inline constexpr std::size_t largest_list = std::size_t{4} * 1024 * 1024;

PathJudgement verify_chain(const PathMaterial& material, const PathRules& rules);

}  // namespace crypto
