// What is given of a new account as texts becomes its identifiers and its person (S4.14). The same for the command
// line, imports and sub accounts. Errors name the field, never whose a taken identifier is.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "identity/identifier/identifier.hpp"
#include "store/account/identifiers.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Whether the type names a human being and hangs on the person: PESEL, passport, id card.
bool is_of_person(std::string_view type);

struct NewIdentifiers {
  std::vector<store::Identifier> of_account;
  std::vector<identity::Identifier> of_person;
};

/// (type, text as typed); empty texts are left out. Logins and trusted addresses count as verified at `now`.
/// Errors: invalid_input ("pesel: not valid").
base::Result<NewIdentifiers> parse_identifiers(const base::Id& account_id,
                                               const std::vector<std::pair<std::string, std::string>>& typed,
                                               bool trusted_addresses, base::Time now);

/// Finds the person that these identifiers name already, if an account of `kind` may join: an employee and a recipient
/// account, same names, same tenant. nullopt = nobody yet. Errors: already_exists ("pesel: taken"), invalid_input.
base::Result<std::optional<store::Person>> find_person_to_join(store::Tx& tx, const identity::Account& account,
                                                               const std::vector<identity::Identifier>& of_person);

/// After the account. Errors: already_exists ("email: taken").
base::Result<void> insert_identifiers(store::Tx& tx, const identity::Account& account, const NewIdentifiers& made,
                                      base::Time now);

/// Whether a text to log in with reads, in any of its spellings and readings, like one of another account, whatever
/// its type there: login "jan@müller.pl" and e-mail "jan@xn--mller-kva.pl" are one to whoever types them.
base::Result<bool> reads_like_another(store::Tx& tx, const base::Id& account_id, const identity::Identifier& wished);
/// Errors: already_exists.
base::Result<void> demand_free(store::Tx& tx, const base::Id& account_id, const identity::Identifier& wished);

}  // namespace flow
