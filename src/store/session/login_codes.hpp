// Codes that were sent for the second step of a login (S3.1): at most one for a session, and it dies with the session.
// Only its keyed hash is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct LoginCode {
  base::Id session_id;
  base::Id account_id;
  std::string method;     // "sms", "email"
  base::Bytes code_hash;  // "" = used, or dead
  base::Id message_id;    // of the item of the outbox
  base::Time sent_at;
  base::Time expires_at;
  std::int64_t tries = 0;
};

/// Replaces the code of the session: the one before it is dead. Errors: not_found (no such account).
base::Result<void> put_login_code(Tx& tx, const LoginCode& code);
base::Result<std::optional<LoginCode>> find_login_code(Tx& tx, const base::Id& session_id);
/// Counts one try: false = it has none left, is dead, or is not there.
base::Result<bool> try_login_code(Tx& tx, const base::Id& session_id, std::int64_t most_tries, base::Time now);
/// Uses the code up, by its hash: false = it was used, replaced, or is over.
base::Result<bool> take_login_code(Tx& tx, const base::Id& session_id, std::string_view code_hash, base::Time now);
base::Result<void> delete_login_code(Tx& tx, const base::Id& session_id);

/// Notes that a login of the account was asked for a factor that it does not have; the first time stays.
base::Result<void> begin_grace(Tx& tx, const base::Id& account_id, base::Time now);
base::Result<std::optional<base::Time>> find_grace(Tx& tx, const base::Id& account_id);
/// The account has a factor: a later loss begins a new time.
base::Result<void> end_grace(Tx& tx, const base::Id& account_id);

}  // namespace store
