// Tokens of this server for its own endpoints: "chy_iat_" (initial access token, RFC 7591 §3) or "chy_pat_" (of a
// person), and 43 characters base64url of an id of 16 octets and a secret of 16. The database has the secret's hash.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/api_tokens.hpp"

namespace flow {

enum class TokenKind : std::uint8_t {
  initial,
  personal
};
/// "initial", "personal".
std::string_view name_of(TokenKind kind);
/// Errors: invalid_input.
base::Result<TokenKind> parse_token_kind(std::string_view name);

/// What a personal token can be good for: "sign", "verify" and "timestamp".
inline constexpr std::array<std::string_view, 3> personal_scopes{"sign", "verify", "timestamp"};
bool is_personal_scope(std::string_view scope);

/// A new token; `row` lacks everything but id, kind and secret_hash.
struct MadeToken {
  store::ApiToken row;
  base::Secret text;
};
MadeToken make_token(TokenKind kind, base::Time now);

/// Why it does not count any more; "" = it does.
audit::Code find_flaw(const store::ApiToken& token, base::Time now);

/// A token as it was presented.
struct PresentedToken {
  std::optional<store::ApiToken> token;  // if it is one of ours, in whatever state
  audit::Code reason;                    // why it does not count; "" = it does
};
/// In any transaction; takes no use. Errors: unavailable.
base::Result<PresentedToken> find_token(store::Tx& tx, TokenKind kind, std::string_view text, base::Time now);

}  // namespace flow
