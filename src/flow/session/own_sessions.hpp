// The own sessions and known devices: see them, end one, end all others, forget a device. What is not the actor's own
// does not exist for him.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/session.hpp"
#include "store/session/devices.hpp"

namespace flow {

struct OwnSession {
  rights::Session session;
  bool is_this = false;
  std::string context;                    // name of the acting context, as rights::ActingContext::name; "" = none yet
  std::vector<std::string> applications;  // opened with it
};
/// The actor's first, then the one seen last.
base::Result<std::vector<OwnSession>> list_own_sessions(const House& house, const rights::Actor& actor, base::Time now);

/// With its grants and back-channel logout. Errors: not_found (none of the actor's).
base::Result<void> end_own_session(const House& house, const rights::Actor& actor, const base::Id& session_id,
                                   const RequestFacts& facts);
/// All but the actor's. Gives how many.
base::Result<std::size_t> end_other_sessions(const House& house, const rights::Actor& actor, const RequestFacts& facts);

struct OwnDevice {
  store::Device device;
  bool is_this = false;  // the browser that asks
};
base::Result<std::vector<OwnDevice>> list_own_devices(const House& house, const rights::Actor& actor,
                                                      const RequestFacts& facts);
/// From now on it is a stranger. Errors: not_found (none of the actor's).
base::Result<void> forget_own_device(const House& house, const rights::Actor& actor, const base::Id& device_id,
                                     const RequestFacts& facts);

}  // namespace flow
