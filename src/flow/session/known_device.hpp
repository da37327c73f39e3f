// Known devices: after a successful login a browser gets a secret for the account, so that failures of strangers cannot
// lock its owner out. The secret changes with each use.
//
// Cookie: up to three values of the form of a session cookie (id and secret), joined by '.', so that three people who
// share a computer all stay known.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "store/session/devices.hpp"

namespace flow {

/// The device in `cookie` that is known to the account; nullopt = a stranger. With nullptr (no account has the name)
/// the same statements run, and the answer is nullopt.
base::Result<std::optional<store::Device>> find_known_device(const House& house, store::Tx& tx,
                                                             const base::Id* account_id, std::string_view cookie,
                                                             base::Time now);

/// The devices of the cookie whose secrets are right, at most three.
base::Result<std::vector<store::Device>> list_carried_devices(const House& house, store::Tx& tx,
                                                              std::string_view cookie, base::Time now);

struct RememberedDevice {
  base::Id id;
  base::Secret cookie;  // its new value
};
/// At a login: the device gets a new secret, a stranger becomes known.
base::Result<RememberedDevice> remember_device(const House& house, store::Tx& tx, const base::Id& account_id,
                                               const RequestFacts& facts);

}  // namespace flow
