// The actor's own sessions and known devices: list them, end one session or all others, name or forget a device. Those
// of other accounts are not found.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/open_sessions.hpp"
#include "rights/actor.hpp"
#include "store/session/devices.hpp"

namespace flow {

/// The actor's session stands first on the first page. Errors: invalid_input (no such page).
base::Result<OpenSessions> list_own_sessions(const House& house, const rights::Actor& actor, SessionsWish wish,
                                             base::Time now);

/// Ends the session with its grants and by back-channel logout. Needs a fresh proof (prove_again).
/// Errors: denied (no fresh proof), not_found (not a session of the actor).
base::Result<void> end_own_session(const House& house, const rights::Actor& actor, const base::Id& session_id,
                                   const RequestFacts& facts);
/// Ends all sessions of the account but the actor's. Needs a fresh proof. Gives how many. Errors: denied.
base::Result<std::size_t> end_other_sessions(const House& house, const rights::Actor& actor, const RequestFacts& facts);

struct OwnDevice {
  store::Device device;
  bool is_this = false;  // the browser that asks
};
base::Result<std::vector<OwnDevice>> list_own_devices(const House& house, const rights::Actor& actor,
                                                      const RequestFacts& facts);
/// Names the device; "" takes its name away. Nothing is decided by a name, so that no fresh proof is needed.
/// Errors: invalid_input (parse_device_name), not_found (not a device of the actor).
base::Result<void> name_own_device(const House& house, const rights::Actor& actor, const base::Id& device_id,
                                   std::string_view name, const RequestFacts& facts);
/// The device is a stranger from now on. Errors: not_found (not a device of the actor).
base::Result<void> forget_own_device(const House& house, const rights::Actor& actor, const base::Id& device_id,
                                     const RequestFacts& facts);

}  // namespace flow
