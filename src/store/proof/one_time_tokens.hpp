// Secrets that are sent to a person and may be used once (security rule 3). The database knows their hash; each is
// consumed by one conditional UPDATE, in the transaction of its effect.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"

namespace store {

struct OneTimeToken {
  base::Bytes hash;  // SHA-256 of the secret
  base::Id tenant_id;
  std::string purpose;  // "reset"
  base::Id account_id;
  std::string channel;  // to which it was sent
  std::string data;     // sealed at rest
  base::Time created_at;
  base::Time expires_at;
  std::optional<base::Time> consumed_at;
};

/// Errors: already_exists.
base::Result<void> insert_token(Tx& tx, const OneTimeToken& token);
/// Finds the token in every state; changes nothing.
base::Result<std::optional<OneTimeToken>> find_token(Tx& tx, std::string_view hash, std::string_view purpose);
/// Gives the token exactly once, if it was unused and has not expired. nullopt = it must have no effect.
base::Result<std::optional<OneTimeToken>> consume_token(Tx& tx, std::string_view hash, std::string_view purpose,
                                                        base::Time now);
/// Notes that what the token stands for was used, if no row knew it before: true exactly once, as long as the row is
/// kept (delete_old_tokens). For a challenge that needs no row before its use. The token's data must be "".
base::Result<bool> note_used_token(Tx& tx, const OneTimeToken& token, base::Time now);
/// Ends all unused tokens of the account and purpose.
base::Result<void> void_tokens(Tx& tx, const base::Id& account_id, std::string_view purpose, base::Time now);
/// Deletes those that ended before `before`, at most a thousand in one call: true if more wait.
base::Result<bool> delete_old_tokens(Tx& tx, base::Time before);

/// Seals the data of all tokens under the next master key. Errors: internal (a value does not open).
base::Result<void> seal_tokens_anew(Tx& tx, const crypto::MasterKey& next);

}  // namespace store
