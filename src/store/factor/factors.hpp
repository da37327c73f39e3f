// Authenticator apps, passkeys and recovery codes of accounts: rows of the table of credentials, sealed at rest and
// bound to account and row. What was used once is spent by one conditional statement, in the transaction of its effect
// (security rule 3), so that it counts once on all nodes together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "identity/factor/factor.hpp"
#include "store/engine/store.hpp"

namespace store {

struct Factor {
  base::Id id;
  base::Id tenant_id;
  base::Id account_id;
  identity::FactorKind kind = identity::FactorKind::totp;
  std::string label;         // what the owner calls it, "" = nothing
  base::Secret data;         // totp: the secret; passkey: the credential; recovery: the digest of the code
  base::Bytes lookup;        // passkey: its credential id; "" otherwise
  std::int64_t counter = 0;  // totp: the last step that was accepted; passkey: the signature counter
  base::Time created_at;
  std::optional<base::Time> last_used_at;
};

/// All of the account, in the order in which they were added. Errors: internal (a row does not open).
base::Result<std::vector<Factor>> list_factors(Tx& tx, const base::Id& account_id);
/// Those of one kind; one statement for every id, the empty one included.
base::Result<std::vector<Factor>> list_factors(Tx& tx, const base::Id& account_id, identity::FactorKind kind);
/// How many of a kind the account has.
base::Result<std::int64_t> count_factors(Tx& tx, const base::Id& account_id, identity::FactorKind kind);
/// The factor of this id, with the account's id beside it; nullopt = not there.
base::Result<std::optional<Factor>> find_factor(Tx& tx, const base::Id& account_id, const base::Id& id);
/// The passkey that an authenticator names by its credential id, whoever owns it.
base::Result<std::optional<Factor>> find_passkey(Tx& tx, base::BytesView credential_id);

/// Adds the factor with the id, account, kind, label, data, lookup and counter of `factor`. Errors: already_exists (the
/// id or the credential id is in use), not_found (no such account).
base::Result<void> insert_factor(Tx& tx, const Factor& factor, base::Time now);

/// Notes the use: true exactly once for each value of the counter, in rising order.
base::Result<bool> raise_counter(Tx& tx, const base::Id& id, std::int64_t counter, base::Time now);
/// Notes the use of a passkey whose authenticator does not count, and what changed of its data.
base::Result<void> note_use(Tx& tx, const Factor& factor, base::Time now);
/// Spends a code: true exactly once.
base::Result<bool> spend_factor(Tx& tx, const base::Id& id);

/// false: the account has no such factor.
base::Result<bool> rename_factor(Tx& tx, const base::Id& account_id, const base::Id& id, std::string_view label);
base::Result<bool> delete_factor(Tx& tx, const base::Id& account_id, const base::Id& id);
/// Gives how many.
base::Result<std::int64_t> delete_factors(Tx& tx, const base::Id& account_id, identity::FactorKind kind);

/// Whether the owner wishes to be asked for a second factor at every login. Off for an id that no account has.
base::Result<bool> always_wants_factor(Tx& tx, const base::Id& account_id);
/// Errors: not_found.
base::Result<void> set_always_factor(Tx& tx, const base::Id& account_id, bool always);

}  // namespace store
