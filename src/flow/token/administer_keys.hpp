// The keys that sign tokens, as an administrator changes them. Every function needs the permission administer_all; each
// change has its audit event. Other nodes use the change after KeyRing::refresh_after at the latest.
//
//   pending ──rotate──> active ──rotate──> retiring ──overlap is over──> retired (not published any more)
//   (published)        (signs)            (published, so that what it signed can be verified)
//      │                  │
//      └──────revoke──────┴──────────────────────────────────> revoked (not published, what it signed is refused)
//
// A key that leaves `pending` has a successor, made by KeyRing::prepare_next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/key/signing_key.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

struct KeyState {
  std::string kid;
  std::string algorithm;  // "ES256", "RS256"
  std::string state;      // pending | active | retiring | retired | revoked
  base::Time created_at;
  base::Time changed_at;  // when it got the state, or created_at
};
/// The oldest first. Errors: denied.
base::Result<std::vector<KeyState>> list_keys(const House& house, const rights::Actor& actor);

/// The next key signs from now on; gives its kid. Errors: denied, conflict (the next key was made less than
/// KeyRing::published_after ago, so that other nodes may not publish it yet).
base::Result<std::string> rotate_key(const House& house, const rights::Actor& actor, crypto::Algorithm algorithm,
                                     const RequestFacts& facts);

/// By schedule (TokenSettings): keys that have signed for long enough are followed by the next ones, and keys that are
/// retiring for longer than any token lives are retired. Gives how many keys got another state. Errors: unavailable.
base::Result<std::size_t> rotate_due_keys(const House& house, base::Time now);

/// Tokens that the key has signed are refused from now on. If it was the one that signs, the next one signs from the
/// same transaction on. False: it was revoked already, and nothing is recorded. Errors: denied, not_found, conflict
/// (the keys were changed meanwhile).
base::Result<bool> revoke_key(const House& house, const rights::Actor& actor, std::string_view kid,
                              const RequestFacts& facts);

}  // namespace flow
