// Small things that a person does with the own account: language; and the look of the house.
#pragma once

#include <string_view>

#include "flow/find_visitor.hpp"
#include "store/accounts.hpp"

namespace flow {

/// Errors: invalid_input (no such language).
base::Result<void> choose_language(const House& house, const rights::Actor& actor, std::string_view code, const RequestFacts& facts);

struct Brand {
  std::string name;          // of the tenant
  std::string accent;        // "#0b5cad" or "" = the product's own
  std::string accent_dark;   // for the dark scheme
  std::string logo_svg;      // "" = the product's own
  std::int64_t version = 0;  // for the address of the stylesheet
};
/// The look of the first tenant; cached for a few seconds.
base::Result<Brand> find_brand(const House& house);
/// Name and whether a client is known, for the login page ("to go on to Portal"); "" = unknown.
base::Result<std::string> find_client_name(const House& house, std::string_view client_id);

}  // namespace flow
