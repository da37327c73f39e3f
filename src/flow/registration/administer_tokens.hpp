// The tokens of this server (api_token.hpp), as an administrator makes and withdraws them. Every function needs the
// permission manage_clients (to see them read_settings is enough) and works on the tenants that the actor reaches. A
// token is shown once; the event of each change has no part of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/registration/api_token.hpp"
#include "rights/actor.hpp"

namespace flow {

inline constexpr std::int64_t most_uses = 10'000;
inline constexpr base::Duration longest_token = std::chrono::hours(24) * 365;

struct TokenWishes {
  TokenKind kind = TokenKind::initial;
  std::string name{};     // 1 to 100 characters in one line
  std::string tenant{};   // key or id; "" = the actor's own
  std::string account{};  // whose it is: of a personal one, login or id
  std::vector<std::string>
      scopes{};  // of an initial one: what clients may get, empty = the usual ones; of a personal one: personal_scopes
  std::optional<std::int64_t> uses{1};            // 1 to most_uses; nullopt = any number
  base::Duration lasts = std::chrono::hours(24);  // up to longest_token
};
struct NewToken {
  base::Id id;
  base::Secret text;
  base::Time expires_at;
};
/// Errors: denied, not_found (tenant, account), invalid_input (name, uses, time, scopes).
base::Result<NewToken> create_api_token(const House& house, const rights::Actor& actor, const TokenWishes& wishes,
                                        const RequestFacts& facts);

struct ShownToken {
  base::Id id;
  std::string kind;   // name_of(TokenKind)
  std::string state;  // "valid", "over" (expired or used up), "revoked"
  std::string name;
  std::string scopes;
  std::optional<std::int64_t> uses_left;  // nullopt = any number
  base::Time created_at;
  std::optional<base::Time> expires_at;
  std::optional<base::Time> last_used_at;
  std::optional<base::Time> revoked_at;
};
/// The newest 200 of a tenant, the newest first. Errors: denied, not_found.
base::Result<std::vector<ShownToken>> list_api_tokens(const House& house, const rights::Actor& actor,
                                                      std::string_view tenant, base::Time now);

/// For this corridor: what is shown of a row, the rule for its purpose, and its event.
ShownToken show_token(const store::ApiToken& token, base::Time now);
/// Errors: invalid_input.
base::Result<void> check_token_name(std::string_view name);
base::Result<void> record_token_change(store::Tx& tx, const rights::Actor& actor, const store::ApiToken& token,
                                       audit::Code change, const RequestFacts& facts);

/// False: it was withdrawn before. Errors: denied, not_found.
base::Result<bool> revoke_api_token(const House& house, const rights::Actor& actor, std::string_view id,
                                    const RequestFacts& facts);

}  // namespace flow
