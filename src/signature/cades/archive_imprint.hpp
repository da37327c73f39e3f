// What an archive time stamp of CAdES covers (EN 319 122-1 §5.5.3, archive-time-stamp-v3 with ats-hash-index-v3).
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "crypto/cms/judge_signer.hpp"
#include "crypto/cms/signed_data.hpp"

namespace signature {

/// The imprint that the token must have, by the digest `kind`. nullopt: the token has no index of hashes, or one that
/// names parts that are not there; then it proves nothing.
/// `content_digest`: of the signed content, by the same digest.
std::optional<base::Bytes> find_archive_imprint(base::BytesView token, const crypto::cms::SignedData& data,
                                                const crypto::cms::SignerInfo& signer, base::BytesView content_digest,
                                                crypto::DigestKind kind);
/// Whether an archive time stamp covers another token of the signer: a signed attribute, or an unsigned one in its
/// index.
bool covers_token(base::BytesView token, const crypto::cms::SignerInfo& signer, base::BytesView other);

}  // namespace signature
