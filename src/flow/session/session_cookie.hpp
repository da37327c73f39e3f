// The session cookie's value: base64url of 16 octets id and 32 octets secret. The database knows the secret's hash.
// Known devices have values of the same form.
#pragma once

#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace flow {

struct SessionCookie {
  base::Id id;
  base::Bytes secret_hash;
};
/// Errors: invalid_input.
base::Result<SessionCookie> parse_session_cookie(std::string_view value);

struct NewSessionCookie {
  base::Id id;
  base::Bytes secret_hash;
  base::Secret value;
};
NewSessionCookie make_session_cookie(base::Time now);
/// With an id that is there already.
NewSessionCookie make_session_cookie(const base::Id& id);

}  // namespace flow
