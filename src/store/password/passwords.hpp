// Passwords as credentials, and former passwords of an account. PHC strings are sealed at rest, bound to
// account and row; of earlier passwords only a keyed digest is kept (docs/decisions/0004-password-history.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/key/master_key.hpp"
#include "identity/password/password_state.hpp"
#include "store/engine/store.hpp"

namespace store {

struct PasswordCredential {
  base::Id id;
  base::Secret phc;
  identity::PasswordOrigin origin = identity::PasswordOrigin::own;
  base::Time set_at;
  std::optional<base::Time> not_after;  // the password ends then, also if the policy allows more
};
base::Result<std::optional<PasswordCredential>> find_password(Tx& tx, const base::Id& account_id);

struct HeldPassword {
  base::Id account_id;
  PasswordCredential password;
};
/// The account's password; if it has none, or there is no such account, that of the next account in the order of ids
/// that has one. One statement, whatever is found.
base::Result<std::optional<HeldPassword>> find_password_from(Tx& tx, const base::Id& account_id);

/// Replaces the account's password; the new one has a new id. Errors: not_found.
base::Result<void> set_password(Tx& tx, const base::Id& account_id, const base::Secret& phc,
                                identity::PasswordOrigin origin, base::Time now,
                                const std::optional<base::Time>& not_after = std::nullopt);
/// Writes a re-hash of the same password, unless it was changed meanwhile (compares the old PHC string).
base::Result<void> replace_hash(Tx& tx, const base::Id& account_id, const base::Secret& old_phc,
                                const base::Secret& new_phc);

/// The rules that the account's password was last found to keep; "" = never judged.
base::Result<std::string> find_policy_ok(Tx& tx, const base::Id& account_id);
base::Result<void> set_policy_ok(Tx& tx, const base::Id& account_id, std::string_view rules);

struct FormerPassword {
  base::Bytes digest;
  std::string cost;  // with which the digest was made
  base::Time at;     // when it was set last
};
/// The newest first.
base::Result<std::vector<FormerPassword>> list_former_passwords(Tx& tx, const base::Id& account_id);
/// A password that is set once more becomes the newest.
base::Result<void> remember_password(Tx& tx, const base::Id& account_id, const FormerPassword& password);

/// A password that its owner has set, for reminders of its expiry.
struct AgingPassword {
  base::Id credential_id;
  base::Id account_id;
  base::Time set_at;
  std::optional<std::int64_t> reminded_days;
};
struct AgingPasswords {
  std::vector<AgingPassword> passwords;
  std::optional<base::Id> next_after;  // nullopt = there are no more credentials
};
/// Examines the `most` credentials after `after`, in order of their ids. Gives the own passwords of active accounts
/// that were set at `set_until` or before.
base::Result<AgingPasswords> list_aging_passwords(Tx& tx, base::Time set_until, const base::Id& after,
                                                  std::size_t most);
/// Records the reminder for the threshold `days`: true exactly once for each password and threshold, in falling order.
base::Result<bool> note_reminder(Tx& tx, const base::Id& credential_id, std::int64_t days);

/// Seals all credentials, also those of store/factor, under the next master key, and rewraps the digests of former ones
/// (crypto/key/master_key.hpp). Errors: internal (a value does not open).
base::Result<void> seal_passwords_anew(Tx& tx, const crypto::MasterKey& next);

/// The passwords of a tenant whose owner was reminded of their end, counted to `most`.
base::Result<std::int64_t> count_reminded(Tx& tx, const base::Id& tenant_id, std::int64_t most);

}  // namespace store
