// Accounts, their persons and identifiers, and the counts of failed logins. Every `find_…` gives nullopt for "none".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/account/account.hpp"
#include "identity/lockout/lockout.hpp"
#include "store/engine/store.hpp"

namespace store {

base::Result<std::optional<identity::Account>> find_account(Tx& tx, const base::Id& id);
/// By any identifier that may log in (login, e-mail, phone, old user name until valid_until). `typed`: the text as it
/// was typed or as canonical_login gives it; each of its readings is looked up.
base::Result<std::optional<identity::Account>> find_account_by_login(Tx& tx, std::string_view typed, base::Time now);
/// Page of accounts in order of id, after `after`.
base::Result<std::vector<identity::Account>> list_accounts(Tx& tx, const base::Id& after, std::size_t most);

/// Inserts the account and, if it has names, the person; not its identifiers.
/// Errors: already_exists.
base::Result<void> insert_account(Tx& tx, const identity::Account& account);
struct Identifier {
  base::Id account_id;
  std::string type;       // identity::identifier_type
  std::string canonical;  // unique together with type in the whole system; unverified addresses are PendingAddresses
  std::string display;
  std::optional<base::Time> verified_at;
  bool may_login = false;
  bool redirect_to_main = false;         // of an e-mail: a pseudo address (S2.5)
  std::optional<base::Time> given_at{};  // an administrator entered the address, which is in force without a code
};
/// Errors: already_exists (taken; the reason names the type only).
base::Result<void> insert_identifier(Tx& tx, const Identifier& identifier, base::Time now);
base::Result<void> set_account_status(Tx& tx, const base::Id& id, identity::AccountStatus status, base::Time at,
                                      const std::optional<base::Id>& by);
/// Ends every session and token of the account at once.
base::Result<void> raise_security_stamp(Tx& tx, const base::Id& id);
base::Result<void> set_failures(Tx& tx, const base::Id& id, const identity::LockoutState& state);
base::Result<void> set_first_language(Tx& tx, const base::Id& id, std::string_view language);
base::Result<void> set_locale(Tx& tx, const base::Id& id, std::string_view locale);

}  // namespace store
