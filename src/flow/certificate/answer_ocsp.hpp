// Answers of OCSP (RFC 6960) about certificates of the own authority, read from the database at each request, so that a
// revocation counts at once. A stranger's request writes nothing. Where the responder's key is on a token, an answer is
// signed without a nonce and given again as long as nothing has changed; while the token is not there, it is tryLater.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct OcspReply {
  base::Bytes der;
  /// Until when caches may keep it (RFC 5019 §6); nullopt = not at all: a refusal, or an answer with a nonce.
  std::optional<base::Time> until{};
};
/// A serial that was never issued is "unknown"; a question about another issuer is "unauthorized". Errors: none but
/// internal ones, which are answers as well.
OcspReply answer_ocsp(const House& house, base::BytesView request, base::Time now);

}  // namespace flow
