// Keys of the own authority on a token (PKCS#11): made there, used there, and never anywhere else. The token's PIN
// comes from the configuration (token.pin_file) or from an operator (`chancery authority unlock`); it lies in the
// memory of the process and in no database. A PIN that the token refuses is forgotten at once, so that no repetition
// locks a card.
//
// No transaction waits for a token: in one, a signature is what was signed before it (signed_ahead.hpp). Whoever asks
// for a certificate waits for it at most five seconds.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "flow/certificate/signed_ahead.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/certificate/authorities.hpp"

namespace flow {

inline constexpr base::Duration authority_waits_for_token = std::chrono::seconds(5);

/// A new key on the token `name`. Errors: not_found (no such token in the configuration), unavailable (it waits for its
/// PIN, is not there or does not answer), login_failed (the PIN is wrong), denied (it is locked), invalid_input (the
/// token makes no such key).
base::Result<crypto::KeyPair> make_key_on_token(const House& house, std::string_view name, crypto::KeyKind kind,
                                                store::AuthorityKey& where);

/// The pair of a key on a token; its public key is that of the certificate (DER). What it signs fails with unavailable
/// while the token is not there, waits for its PIN or does not answer. Not for use in a transaction. Errors:
/// invalid_input.
base::Result<crypto::KeyPair> find_key_on_token(const House& house, const store::AuthorityKey& where,
                                                base::BytesView certificate);
/// The same for use in a transaction. `spki`: of the key, DER.
base::Result<crypto::KeyPair> find_key_ahead(const House& house, const store::AuthorityKey& where, base::BytesView spki,
                                             SignedAhead& ahead);

/// Before a transaction, so that none is open while nobody can sign. Errors: unavailable.
base::Result<void> demand_token(const House& house, std::string_view name);

/// Gives the running server the PIN of a token for the keys of authorities on it, until it stops or `pin` is "", which
/// ends it now. The token is asked whether it is right; it opens once the event for each authority that has its key
/// there is written. Needs manage_authorities. Errors: denied, not_found (no such token), login_failed, unavailable.
base::Result<void> unlock_authority_token(const House& house, const rights::Actor& actor, std::string_view name,
                                          const base::Secret& pin, const RequestFacts& facts);

}  // namespace flow
