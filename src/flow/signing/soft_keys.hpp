// What this process keeps of credentials: software keys, parsed once; the PINs that were right a moment ago, as keyed
// digests, because a slow hash for each of a stack of documents would take longer than all its signatures; and the PINs
// that were given for a time.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/signing/soft_key.hpp"
#include "store/signing/signing_credentials.hpp"

namespace flow {

/// The parsed key of PKCS#8; `spki`: its public key, by which it is kept. Errors: internal.
base::Result<crypto::SoftKey> keep_soft_key(const base::Bytes& spki, const base::Secret& pkcs8);

/// Whether the PIN was compared with this hash and was right less than a minute ago.
bool was_pin_right(const base::Id& credential_id, const base::Secret& pin, const base::Secret& pin_hash);
/// After a wrong one, so that guesses that are under way are counted as well.
void forget_right_pin(const base::Id& credential_id);
void note_right_pin(const base::Id& credential_id, const base::Secret& pin, const base::Secret& pin_hash);

/// A PIN that was given for a time (use_credential.hpp): of this version of the credential. "" = there is none.
base::Secret find_activation(const store::SigningCredential& credential, base::Time now);
void note_activation(const store::SigningCredential& credential, const base::Secret& pin, base::Time until);
void forget_activation(const base::Id& credential_id);

}  // namespace flow
