// The checks of a relying application on tokens. Invariant: only ES256, the one issuer and the application's own client
// are accepted. The time is an argument.
//   ID token: OIDC Core §3.1.3.7.  Logout token: OIDC Back-Channel Logout §2.4, §2.6.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/token/jwk_set.hpp"

namespace demo {

struct Expected {
  std::string issuer;
  std::string client_id;
};

struct Person {
  std::string subject;
  std::string session;  // `sid` of the server
  std::string name;
  std::string login;
  std::string context;               // id of the acting context, by which an application decides
  std::string context_name;          // in the language of the account
  std::string level;                 // `acr`
  std::vector<std::string> methods;  // `amr`
  base::Time logged_in_at;           // `auth_time`
};
/// Errors: invalid_input.
base::Result<Person> check_id_token(std::span<const crypto::Jwk> keys, std::string_view token, const Expected& expected,
                                    std::string_view nonce, base::Time now);

struct LogoutOrder {
  std::string id;       // `jti`
  std::string subject;  // "" = every person of the session
  std::string session;  // "" = every session of the subject
  base::Time expires;   // until then the id must not be taken a second time
};
/// Errors: invalid_input.
base::Result<LogoutOrder> check_logout_token(std::span<const crypto::Jwk> keys, std::string_view token,
                                             const Expected& expected, base::Time now);

}  // namespace demo
