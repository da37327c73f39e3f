// The actor's own second factors: authenticator apps, passkeys, recovery codes, and the wish to be asked for one at
// every login. Whoever acts for another person cannot touch them. Every change is told to the person and recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/factor/factor.hpp"
#include "rights/actor.hpp"

namespace flow {

struct OwnFactor {
  base::Id id;
  identity::FactorKind kind = identity::FactorKind::totp;
  std::string name;  // what the owner calls it, "" = nothing
  base::Time created_at;
  std::optional<base::Time> last_used_at;
  bool is_synced = false;  // a passkey that its provider copies to other devices (WebAuthn §6.1.3, BS)
};
struct OwnFactors {
  std::vector<OwnFactor> apps;
  std::vector<OwnFactor> passkeys;
  std::int64_t recovery_codes = 0;  // that are left
  std::optional<base::Time> recovery_made_at;
  bool always = false;
  bool may_always = false;  // there is something to ask for
};
/// Errors: denied (the context does not give the permission for the own password).
base::Result<OwnFactors> list_own_factors(const House& house, const rights::Actor& actor);

/// Names an app or a passkey; "" takes the name away. Nothing is decided by a name, so that no fresh proof is needed.
/// Errors: invalid_input (identity::parse_device_name), not_found, denied.
base::Result<void> rename_own_factor(const House& house, const rights::Actor& actor, const base::Id& id,
                                     std::string_view name, const RequestFacts& facts);
/// Removes an app or a passkey. With the last of them the recovery codes go, and the wish to be asked, if the account
/// has no phone number in force. Needs a fresh proof. Errors: not_found, denied.
base::Result<void> remove_own_factor(const House& house, const rights::Actor& actor, const base::Id& id,
                                     const RequestFacts& facts);
/// The own switch "always ask for a second factor". Needs a fresh proof, also to switch it on, because it changes how
/// the owner logs in. Errors: conflict (there is nothing to ask for), denied.
base::Result<void> set_own_always(const House& house, const rights::Actor& actor, bool always,
                                  const RequestFacts& facts);

}  // namespace flow
