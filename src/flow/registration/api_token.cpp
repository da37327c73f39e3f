#include "flow/registration/api_token.hpp"

#include <algorithm>
#include <array>

#include "crypto/digest/digest.hpp"

namespace flow {
namespace {

constexpr std::size_t id_octets = 16;
constexpr std::size_t secret_octets = 16;

struct Kind {
  std::string_view name;
  std::string_view prefix;
};
constexpr std::array<Kind, 2> kinds{{{"initial", "chy_iat_"}, {"personal", "chy_pat_"}}};

const Kind& row_of(TokenKind kind) {
  return kinds.at(static_cast<std::size_t>(kind));
}

}  // namespace

audit::Code find_flaw(const store::ApiToken& token, base::Time now) {
  if (token.revoked_at) return "token_revoked";
  if (token.expires_at && now >= *token.expires_at) return "token_expired";
  if (token.uses_left && *token.uses_left <= 0) return "token_used_up";
  return {};
}

bool is_personal_scope(std::string_view scope) {
  return std::find(personal_scopes.begin(), personal_scopes.end(), scope) != personal_scopes.end();
}

std::string_view name_of(TokenKind kind) {
  return row_of(kind).name;
}

base::Result<TokenKind> parse_token_kind(std::string_view name) {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds.at(i).name == name) return static_cast<TokenKind>(i);
  }
  return base::fail(base::Code::invalid_input, "a token is initial or personal, not " + std::string(name));
}

MadeToken make_token(TokenKind kind, base::Time now) {
  MadeToken made;
  const base::Bytes secret = base::random_bytes(secret_octets);
  made.row.id = base::Id::make(now);
  made.row.kind = name_of(kind);
  made.row.secret_hash = crypto::sha256(secret);
  made.row.created_at = now;
  made.text =
      base::Secret(std::string(row_of(kind).prefix) + base::to_base64url(std::string(made.row.id.bytes()) + secret));
  return made;
}

base::Result<PresentedToken> find_token(store::Tx& tx, TokenKind kind, std::string_view text, base::Time now) {
  PresentedToken presented{std::nullopt, "unknown_token"};
  const std::string_view prefix = row_of(kind).prefix;
  if (!text.starts_with(prefix)) return presented;
  const auto octets = base::parse_base64url(text.substr(prefix.size()));
  if (!octets || octets->size() != id_octets + secret_octets) return presented;
  const auto id = base::Id::from_bytes(std::string_view(*octets).substr(0, id_octets));
  if (!id) return presented;
  ASSIGN_OR_RETURN(auto token, store::find_api_token(tx, *id));
  if (!token || token->kind != name_of(kind)) return presented;
  const base::Bytes hash = crypto::sha256(std::string_view(*octets).substr(id_octets));
  if (!base::equal_in_constant_time(token->secret_hash, hash)) return presented;
  presented.reason = find_flaw(*token, now);
  presented.token = std::move(token);
  return presented;
}

}  // namespace flow
