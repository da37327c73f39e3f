// Revokes certificates of the own authority, for ever. It counts from the same transaction on; the published lists
// follow within a second (publish_lists.hpp).
#pragma once

#include <optional>
#include <string_view>

#include "crypto/certificate/revocation_list.hpp"
#include "flow/certificate/issue_certificate.hpp"

namespace flow {

/// Inside the caller's transaction. `sha256`: fingerprint, lower-case hexadecimal. False: it was revoked already, and
/// nothing is recorded. Errors: not_found (not one of the own authority).
base::Result<bool> revoke_certificate(const CertificateAct& act, std::string_view sha256,
                                      crypto::RevocationReason reason);

/// All of an account that is deleted, inside the caller's transaction.
base::Result<void> revoke_certificates_of(const CertificateAct& act, const base::Id& account_id);

/// For a command: by fingerprint or serial number. Errors: denied, not_found.
base::Result<bool> revoke_named_certificate(const House& house, const rights::Actor& actor, std::string_view named,
                                            crypto::RevocationReason reason, const RequestFacts& facts);

}  // namespace flow
