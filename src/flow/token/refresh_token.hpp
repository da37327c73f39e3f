// The text of a refresh token: the grant, a generation, and a keyed hash of both. Nothing of it is stored but the
// generation that counts (store/oauth/grants.hpp), so that a client that lost an answer gets the same successor again,
// and a copy of the database is worth nothing without the master key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct RefreshToken {
  base::Id grant_id;
  std::int64_t generation = 0;  // from 1 on
};

/// base64url of 16 octets grant, 4 octets generation, 32 octets HMAC-SHA256 under the master key.
std::string print_refresh_token(const House& house, const RefreshToken& token);
/// nullopt: not made here. A token from before the master key was replaced is one of ours.
std::optional<RefreshToken> parse_refresh_token(const House& house, std::string_view text);

}  // namespace flow
