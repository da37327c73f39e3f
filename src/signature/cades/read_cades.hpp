// Reads a CMS signature (RFC 5652), CAdES (EN 319 122) or plain: each signer becomes facts. Own rules beyond OpenSSL's:
// signed attributes are verified over their octets as they stand; the digest of the signature's algorithm is that of
// the content's digest; lengths are those of DER but where the norm allows BER; no octet stands behind the end.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "signature/form/content.hpp"
#include "signature/form/signature_view.hpp"

namespace signature {

inline constexpr std::size_t most_cades_signers = 64;
inline constexpr std::size_t deepest_counter_signature = 4;

/// Whether the octets begin as a CMS SignedData, DER, BER or PEM ("PKCS7", "CMS"). Nothing more is read.
bool is_cms_signature(base::BytesView octets);

/// `octets`: DER, BER or PEM. `detached`: the content that stands beside the signature; nullptr = none was given.
/// Content that is inside is judged, and `detached` then must be equal to it. A document that cannot be read has `flaw`
/// "cms_malformed", "cms_too_many", "cms_no_signer", "cms_not_signed_data". `format_flaw` of a signature:
/// "cms_malformed", "cms_version", "cms_indefinite_attributes", "cms_duplicate_attribute", "cms_several_values",
/// "cms_missing_content_type", "cms_wrong_content_type", "cms_missing_message_digest", "cms_digest_mismatch"
/// (algorithms of the digests differ), "cms_bad_parameters" (of an algorithm), "cms_too_deep", "cms_too_many".
DocumentView read_cades(base::BytesView octets, const Content* detached, const std::vector<base::Bytes>& others = {});

/// The content inside. Errors: invalid_input (no CMS signature), not_found (detached).
base::Result<base::Bytes> read_attached_content(base::BytesView octets);

}  // namespace signature
