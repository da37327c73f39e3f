// Accounts, persons, identifiers, credentials and what counts failures. Every `find_…` gives nullopt for "none".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/account/account.hpp"
#include "identity/lockout/lockout.hpp"
#include "rights/context.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"

namespace store {

base::Result<std::optional<identity::Account>> find_account(Tx& tx, const base::Id& id);
/// By any identifier that may log in (login, e-mail, phone, old user name until valid_until). `typed`: the text as it
/// was typed or as canonical_login gives it; each of its readings is looked up.
base::Result<std::optional<identity::Account>> find_account_by_login(Tx& tx, std::string_view typed, base::Time now);
/// Page of accounts in order of id, after `after`.
base::Result<std::vector<identity::Account>> list_accounts(Tx& tx, const base::Id& after, std::size_t most);

/// Inserts account and person (made of the names, if there is no id yet); identifiers come apart.
/// Errors: already_exists.
base::Result<void> insert_account(Tx& tx, const identity::Account& account);
struct Identifier {
  base::Id account_id;
  std::string type;       // identity::identifier_type
  std::string canonical;  // unique together with type in the whole system
  std::string display;
  std::optional<base::Time> verified_at;
  bool may_login = false;
  bool redirect_to_main = false;  // of an e-mail: a pseudo address (S2.5)
};
/// Errors: already_exists (taken; the reason names the type only).
base::Result<void> insert_identifier(Tx& tx, const Identifier& identifier, base::Time now);
base::Result<void> set_account_status(Tx& tx, const base::Id& id, identity::AccountStatus status, base::Time at,
                                      const std::optional<base::Id>& by);
/// Ends every session and token of the account at once.
base::Result<void> raise_security_stamp(Tx& tx, const base::Id& id);
base::Result<void> set_failures(Tx& tx, const base::Id& id, const identity::LockoutState& state);
base::Result<void> set_locale(Tx& tx, const base::Id& id, std::string_view locale);

base::Result<std::vector<rights::ActingContext>> list_contexts(Tx& tx, const base::Id& account_id, base::Time now);
base::Result<std::optional<rights::ActingContext>> find_context(Tx& tx, const base::Id& context_id);
/// The context only if it is (still) the account's at `now`.
base::Result<std::optional<rights::ActingContext>> find_context_of(Tx& tx, const base::Id& account_id,
                                                                   const base::Id& context_id, base::Time now);
base::Result<std::optional<rights::ActingContext>> find_context_by_key(Tx& tx, const base::Id& tenant_id,
                                                                       std::string_view key);
base::Result<void> insert_context(Tx& tx, const rights::ActingContext& context);
base::Result<void> give_context(Tx& tx, const base::Id& account_id, const base::Id& context_id, base::Time from);

struct LoginStatistics {
  std::optional<base::Time> last_success;
  std::string last_success_ip;
  std::optional<base::Time> last_failure;
  std::int64_t failures_since_success = 0;
  std::optional<base::Time> previous_success;  // the one before the last
  std::int64_t failures_before = 0;            // between the two
};
/// `realm`: "own", or "other" for logins through relying parties.
base::Result<LoginStatistics> find_statistics(Tx& tx, const base::Id& account_id, std::string_view realm);
base::Result<void> record_login(Tx& tx, const base::Id& account_id, std::string_view realm, bool success,
                                std::string_view ip, base::Time now);

/// One more hit of a keyed-hash bucket within a window that starts at the first; gives the count with this one.
base::Result<std::int64_t> count_in_window(Tx& tx, std::string_view key_hash, base::Duration window, base::Time now);
/// Deletes the buckets whose window is over; for the sweeper.
base::Result<void> delete_old_throttles(Tx& tx, base::Time now);

}  // namespace store
