// The signed attributes of CAdES, written from a wish (EN 319 122-1 §5; baseline level B: §6.3).
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "signature/form/signature_wish.hpp"

namespace signature {

/// Content of the SET OF, in the order of DER. `content_type`: content octets of the identifier; nullopt: for a
/// counter-signature, which has neither a content type nor a media type. `digest`: of the content.
/// Errors: invalid_input (the certificate, or a name of policy, commitment, role or media type that cannot stand in a
/// signature).
base::Result<base::Bytes> make_signed_attributes(const SignatureWish& wish,
                                                 const std::optional<base::BytesView>& content_type,
                                                 base::BytesView digest);

/// Name of the claimed role in signer-attributes or signer-attributes-v2 (§5.2.6); "" = none that is text.
std::string read_role(base::BytesView value, bool is_v2);

struct NamedPolicy {
  std::string oid;
  base::Bytes digest;
  crypto::DigestKind digest_kind = crypto::DigestKind::sha256;
  bool is_digest_known = false;
};
/// signature-policy-identifier (§5.2.9). Errors: invalid_input.
base::Result<NamedPolicy> read_policy(base::BytesView value);
/// Dotted identifier of commitment-type-indication (§5.2.3). Errors: invalid_input.
base::Result<std::string> read_commitment(base::BytesView value);

}  // namespace signature
