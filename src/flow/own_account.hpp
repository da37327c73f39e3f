// Small things around the own account: its language, and which application the login leads to.
#pragma once

#include <string_view>

#include "flow/find_visitor.hpp"
#include "store/accounts.hpp"

namespace flow {

/// Errors: invalid_input (no such language).
base::Result<void> choose_language(const House& house, const rights::Actor& actor, std::string_view code, const RequestFacts& facts);

/// Name and whether a client is known, for the login page ("to go on to Portal"); "" = unknown.
base::Result<std::string> find_client_name(const House& house, std::string_view client_id);

}  // namespace flow
