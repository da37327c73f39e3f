// Access tokens that were revoked before their end (RFC 7009 §2.1); a row stays until then.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

/// `jti`: the octets of the token's id. False: it was revoked already.
base::Result<bool> revoke_token(Tx& tx, base::BytesView jti, base::Time expires_at);
base::Result<bool> is_token_revoked(Tx& tx, base::BytesView jti);
/// Deletes those that are over before `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_revoked_tokens(Tx& tx, base::Time before);

}  // namespace store
