// Tokens that this server gives out for its own endpoints: initial access tokens, with which clients register
// (RFC 7591 §3), and personal ones of accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct ApiToken {
  base::Id id;
  base::Id tenant_id;
  std::string kind;         // initial | personal
  base::Bytes secret_hash;  // SHA-256 of the secret half
  std::string name;
  std::optional<base::Id> account_id;  // of a personal one
  std::string scopes;                  // words; of an initial one those that its clients may get
  std::optional<std::int64_t> uses_left;
  base::Time created_at;
  std::optional<base::Id> created_by;  // nullopt: by a command
  std::optional<base::Time> expires_at;
  std::optional<base::Time> last_used_at;
  std::optional<base::Time> revoked_at;
};

base::Result<void> insert_api_token(Tx& tx, const ApiToken& token);
base::Result<std::optional<ApiToken>> find_api_token(Tx& tx, const base::Id& id);
/// Of a tenant, the newest first, at most `most`.
base::Result<std::vector<ApiToken>> list_api_tokens(Tx& tx, const base::Id& tenant_id, std::int64_t most);
/// Of an account, the newest first, at most `most`.
base::Result<std::vector<ApiToken>> list_api_tokens_of(Tx& tx, const base::Id& account_id, std::int64_t most);
/// Takes one use, if there is one left: true. The use is noted.
base::Result<bool> use_api_token(Tx& tx, const base::Id& id, base::Time now);
/// The use of a token that can be used any number of times; nothing is written if one after `noted` is known.
base::Result<void> note_api_token_use(Tx& tx, const base::Id& id, base::Time noted, base::Time now);
/// False: it was revoked before.
base::Result<bool> revoke_api_token(Tx& tx, const base::Id& id, base::Time now);
/// All of an account.
base::Result<void> revoke_api_tokens_of(Tx& tx, const base::Id& account_id, base::Time now);

}  // namespace store
