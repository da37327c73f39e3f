// Makes the identifiers and the person of a new account from texts (S4.14), in the same way for the command line,
// imports and sub accounts. An error names the field, and never the account that has a taken identifier.
#pragma once

#include <cstdint>
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

/// Whether the type identifies a human being and belongs to the person: PESEL, passport, id card.
bool is_of_person(std::string_view type);

/// Errors: invalid_input (not UTF-8, longer than 100 characters, a control character: no message with such a name in it
/// could be sent).
base::Result<void> check_names(std::string_view given, std::string_view family);

struct NewIdentifiers {
  std::vector<store::Identifier> of_account;
  std::vector<identity::Identifier> of_person;
};

/// What is known about the addresses of a new account.
enum class AddressTrust : std::uint8_t {
  claimed,  // nothing: they wait for their code
  given,    // an administrator entered them: they are in force, and the person has not confirmed them
  proven    // they are known to be the person's own
};
/// (type, text as typed); empty texts are left out. Logins and proven addresses count as verified at `now`. A telephone
/// number is in international form.
/// Errors: invalid_input ("pesel: not valid"; a login with "@" that is merely claimed).
base::Result<NewIdentifiers> parse_identifiers(const base::Id& account_id,
                                               const std::vector<std::pair<std::string, std::string>>& typed,
                                               AddressTrust trust, base::Time now);
/// Whether the check digit of a PESEL is right, but no living person can have been born on that day.
bool is_of_nobody(std::string_view type, std::string_view canonical, base::Time now);

/// Finds the person that has these identifiers already, if the account may belong to that person too: one is an
/// employee account and one a recipient account, with the same names and tenant. nullopt = no such person. Errors:
/// already_exists ("pesel: taken"), invalid_input.
base::Result<std::optional<store::Person>> find_person_to_join(store::Tx& tx, const identity::Account& account,
                                                               const std::vector<identity::Identifier>& of_person);

/// To be called after insert_account. Claimed addresses belong to no account yet: they wait for their code, and
/// other accounts may wait for the same address. Errors: already_exists ("email: taken").
base::Result<void> insert_identifiers(store::Tx& tx, const identity::Account& account, const NewIdentifiers& made,
                                      base::Time now);

/// Whether a login in its canonical form looks like an e-mail address. Such a login must be the holder's own verified
/// e-mail address, unless an administrator trusts it.
bool is_address_like(std::string_view canonical_login);

/// Whether a login, e-mail address or phone number, in any spelling, equals one of another account, of any of these
/// types: the login "jan@müller.pl" and the e-mail "jan@xn--mller-kva.pl" are the same for a person who types them.
base::Result<bool> reads_like_another(store::Tx& tx, const base::Id& account_id, const identity::Identifier& wished);
/// Errors: already_exists.
base::Result<void> demand_free(store::Tx& tx, const base::Id& account_id, const identity::Identifier& wished);

}  // namespace flow
