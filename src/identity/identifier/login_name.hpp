// The text that people type to name their account, in the form in which identifiers are unique and failures are
// counted: NFKC, case-folded, without white space around it (security rule 7; Unicode TR 15, UAX 31).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace identity {

/// The types of identifier in the database (column identifier.type).
namespace identifier_type {
inline constexpr std::string_view login = "login";
inline constexpr std::string_view email = "email";
inline constexpr std::string_view phone = "phone";
inline constexpr std::string_view pesel = "pesel";
inline constexpr std::string_view passport = "passport";
inline constexpr std::string_view id_card = "id_card";
inline constexpr std::string_view nip = "nip";
inline constexpr std::string_view regon = "regon";
inline constexpr std::string_view pwz = "pwz";
inline constexpr std::string_view epuap_account = "epuap_account";
inline constexpr std::string_view epuap_profile = "epuap_profile";
inline constexpr std::string_view certificate = "certificate";
}  // namespace identifier_type

/// In octets: what was typed as a login is kept up to here; no account has a longer one.
inline constexpr std::size_t longest_typed_login = 320;

/// NFKC_Casefold without white space at the ends and without invisible format characters.
/// Errors: invalid_input (not UTF-8, NUL inside, or longer than 256 code points).
base::Result<std::string> folded(std::string_view typed);

/// The canonical form of any identifier typed at the login: of an e-mail address its canonical form, so that each
/// spelling of the domain is one ("jan@straße.pl" is "jan@xn--strae-oqa.pl" and never "jan@strasse.pl"); of anything
/// else the folded one. Errors: those of folded(), and invalid_input for what is an address by its folded form alone.
base::Result<std::string> canonical_login(std::string_view typed);

/// Checks a new login (S4.14): 3–50 code points, no white space, no control or invisible characters, and in no word
/// letters of several scripts, with which it would look like another login (script_mixture.hpp).
/// Gives the canonical form. Errors: invalid_input.
base::Result<std::string> check_login(std::string_view wished);

/// NFC form of a typed password (RFC 8265 §4: OpaqueString without its mapping of spaces).
/// Errors: invalid_input (not UTF-8, NUL inside, empty, or more than 128 code points).
base::Result<std::string> normal_password(std::string_view typed);

}  // namespace identity
