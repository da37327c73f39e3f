// Whom an access token of this server stands for now. Userinfo, introspection and the API read it here, each time anew,
// so that what ends a token ends it everywhere.
#pragma once

#include <optional>
#include <string_view>

#include "flow/oauth/find_issuance.hpp"
#include "flow/token/access_token.hpp"
#include "store/oauth/grants.hpp"

namespace flow {

struct TokenLook {
  bool is_known = false;                   // the grant, or the client that acts for itself, is there
  bool is_over = false;                    // the token or its grant was revoked
  std::optional<rights::Refusal> refusal;  // of may_issue
  std::optional<store::Grant> grant;       // nullopt: of a client that acts for itself
  std::optional<rights::Client> client;    // to which it was issued
  std::optional<identity::Account> account;
  std::optional<rights::ActingContext> context;

  /// Whether it still stands for somebody. A token of a grant has then client, account and context.
  [[nodiscard]] bool holds() const { return is_known && !is_over && !refusal; }
};

/// `ip`: of the holder of the token, for the networks of a machine's context; nullopt = nobody knows it here, and they
/// were judged when the token was issued. Errors: unavailable.
base::Result<TokenLook> look_at_token(const House& house, store::Tx& tx, const AccessToken& token,
                                      std::optional<std::string_view> ip, base::Time now);

}  // namespace flow
