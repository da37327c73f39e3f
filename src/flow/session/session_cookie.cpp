#include "flow/session/session_cookie.hpp"

#include "base/time.hpp"
#include "crypto/digest/digest.hpp"

namespace flow {

base::Result<SessionCookie> parse_session_cookie(std::string_view value) {
  if (value.size() != 64) return base::fail(base::Code::invalid_input, "a session cookie has 64 characters");
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64url(value));
  ASSIGN_OR_RETURN(const base::Id id, base::Id::from_bytes(std::string_view(octets).substr(0, 16)));
  return SessionCookie{id, crypto::sha256(std::string_view(octets).substr(16))};
}

NewSessionCookie make_session_cookie(base::Time now) {
  return make_session_cookie(base::Id::make(now));
}

NewSessionCookie make_session_cookie(const base::Id& id) {
  const base::Secret secret(base::random_bytes(32));
  return {id, crypto::sha256(secret.reveal()),
          base::Secret(base::to_base64url(std::string(id.bytes()) + std::string(secret.reveal())))};
}

}  // namespace flow
