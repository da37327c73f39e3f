// What a list or an answer says about one certificate, apart from any clock: whether the source is authorised and its
// signature right is judged here, whether it is of the right time is judged by the caller (EN 319 102-1 clause 5.2.5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/verify_chain.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto {

struct RevocationFinding {
  enum class State : std::uint8_t {
    good,
    revoked,
    on_hold,  // certificateHold, RFC 5280 §5.3.1: it may become good again
    unknown,  // the responder does not know the certificate
  };
  State state = State::unknown;
  base::Time this_update;
  std::optional<base::Time> next_update;
  std::optional<base::Time> revoked_at;
  bool is_compromised = false;  // the reason is a key that others have
  /// It was issued after the end of the certificate, and does not say that it still names ended ones
  /// (expiredCertsOnCRL, archiveCutoff): "good" then means nothing.
  bool is_after_end = false;
  std::optional<DigestKind> digest;  // of the source's signature; nullopt = one that this program does not know
  base::Time signer_from;            // when the certificate of the source's signer is valid
  base::Time signer_until;
};

/// What the lists say about `material.leaf`, of several the newest that is about it. The path of `material` must be
/// good without the lists. nullopt: none of them says anything that counts: wrong issuer, scope or signature.
std::optional<RevocationFinding> find_in_lists(const PathMaterial& material);

/// What an answer of OCSP (OCSPResponse or BasicOCSPResponse, DER) says. Errors: invalid_input: not readable, about
/// another certificate, not signed by the issuer or by a responder that it has delegated (RFC 6960 §4.2.2.2), whose
/// certificate was valid at the time for which it answers.
base::Result<RevocationFinding> find_in_answer(base::BytesView answer, base::BytesView certificate,
                                               base::BytesView issuer);

}  // namespace crypto
