// Access tokens as this server reads its own: JWTs (RFC 9068) or, for clients that want nobody to read them, the same
// claims sealed under the master key. One reading for userinfo, introspection, revocation and the API; whoever reads
// asks then whether what the token stands for still holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct AccessToken {
  std::optional<base::Id> grant_id;  // nullopt: of a client that acts for itself
  base::Bytes jti;
  std::string client_id;
  std::string subject;
  std::string scope;
  std::vector<std::string> audience;
  std::string context;  // key of the acting context; "" = none
  base::Time issued_at;
  base::Time expires_at;
};

/// RFC 9068 §4: type, signature or seal, issuer, time. nullopt: malformed, expired or not one of ours.
std::optional<AccessToken> read_access_token(const House& house, std::string_view token, base::Time now);
/// Whether the token is for `audience`.
bool is_for(const AccessToken& token, std::string_view audience);

/// A sealed token with these claims, a JSON object.
std::string seal_access_token(const House& house, std::string_view claims);

/// The octets of a new id: of a token of a grant 16 octets grant and 8 random ones, else 16 random ones.
base::Bytes make_jti(const base::Id& grant_id);
base::Bytes make_jti();

}  // namespace flow
