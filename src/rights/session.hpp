// A browser's session after a login. The cookie holds id and secret; the database only the secret's SHA-256.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/time.hpp"
#include "identity/password/password_state.hpp"
#include "rights/proofs.hpp"

namespace rights {

/// Another account in whose context the holder of a session acts (S3.9), until a time.
struct ActingFor {
  base::Id account_id;
  base::Id context_id;
  base::Time until;
};

struct Session {
  base::Id id;
  base::Bytes secret_hash;  // SHA-256, 32 octets
  base::Id account_id;
  std::optional<base::Id> context_id;  // none: only the choice of a context is open
  Proofs proofs;                       // given at the login
  base::Time auth_time;
  base::Time created_at;
  base::Time last_seen;
  base::Time idle_until;
  base::Time absolute_until;
  std::int64_t security_stamp = 0;  // the account's at login; differing = ended
  std::string ip;
  std::string user_agent;
  std::optional<base::Time> proven_at;                          // last proof after the login, for dangerous actions
  identity::MustChange must_change = identity::MustChange::no;  // otherwise nothing but the change is open
  std::optional<ActingFor> acting_for;
  std::optional<base::Id> device_id;  // the known device; it may be forgotten meanwhile
};

bool is_alive(const Session& session, std::int64_t account_stamp, base::Time now);

}  // namespace rights
