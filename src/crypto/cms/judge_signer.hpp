// What one SignerInfo says, and what of it is right by its octets alone. Nothing here knows a path, a policy or a
// clock. Rules beyond RFC 5652 as libraries apply it: the value is verified over the signed attributes as they stand,
// and the digest of the signature's algorithm is that of the content's digest (RFC 8933 §3).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/signed_data.hpp"

namespace crypto::cms {

struct SignedContent {
  /// Content octets of the identifier; nullopt: a counter-signature, whose content has no type (RFC 5652 §11.4).
  std::optional<base::BytesView> type;
  /// Errors: those of Content::digest.
  std::function<base::Result<base::Bytes>(DigestKind)> digest;
  /// Whether the content could be read as signed attributes (§5.4): then a signature without them proves nothing.
  bool looks_like_attributes = false;
};

/// Views into the signer's octets and into those of the certificates.
struct SignerFacts {
  std::string_view flaw;  // as signature/cades/read_cades.hpp lists them; "" = well-formed
  std::string detail;
  /// A rule that it breaks, and that says nothing about its octets; "" = none. Those who accept signatures do not
  /// accept one with it, but may say whether its value is right.
  std::string_view breach;
  std::string breach_detail;
  std::optional<DigestKind> digest_kind;
  std::string digest_name;
  SignatureIdentifier identifier;
  base::BytesView certificate;  // DER; "" = not among those given
  bool has_reference = false;   // signing-certificate or -v2
  bool is_reference_v2 = false;
  bool matches_reference = false;
  std::optional<DigestKind> reference_digest;
  std::string reference_digest_name;
  bool is_content_found = false;
  bool is_content_right = false;
  bool is_value_right = false;
  std::vector<Attribute> signed_attributes;
  std::vector<Attribute> unsigned_attributes;
  std::optional<base::Time> signing_time;
};
SignerFacts judge_signer(const SignerInfo& signer, const SignedContent& content,
                         const std::vector<base::BytesView>& certificates);

/// Whether the octets are a SET OF attributes with message-digest: what somebody could pass off as the content of a
/// signature without attributes. `octets`: with the tag of SET.
bool are_signed_attributes(base::BytesView octets);

}  // namespace crypto::cms
