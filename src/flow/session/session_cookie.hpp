// The value of the session cookie: base64url of an id (16 octets) and a secret (32 octets). The database holds the
// secret's hash.
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
/// For an id that exists already.
NewSessionCookie make_session_cookie(const base::Id& id);

}  // namespace flow
