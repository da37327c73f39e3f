// All types of identifiers: how a typed text becomes the canonical form that is unique in the database
// (S4.14), and the sentence that names the field if the text is refused. No sentence tells who has an identifier.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "identity/identifier/login_name.hpp"

namespace identity {

struct Identifier {
  std::string type;       // of identifier_type
  std::string canonical;  // unique with its type
  std::string display;    // as a person reads it
};

/// All types, in the order of the pages.
std::span<const std::string_view> identifier_types();

/// `country` is the default for phone numbers and the issuer of a passport, or "".
/// Errors: invalid_input (no such type, or not an identifier of that type).
base::Result<Identifier> parse_identifier(std::string_view type, std::string_view typed, std::string_view country = {});

/// Keys of room text: "identifier.<type>.name", ".invalid" ("The PESEL is not right …"), ".taken" ("already used").
std::string key_of_name(std::string_view type);
std::string key_of_invalid(std::string_view type);
std::string key_of_taken(std::string_view type);

/// What a text typed at the login can mean: the text as a login, as an e-mail address, as a phone number. Empty only
/// if it is none of them; looked up together, so that each spelling shares one counter (security rule 7).
std::vector<Identifier> find_readings(std::string_view typed, std::string_view default_country);

}  // namespace identity
