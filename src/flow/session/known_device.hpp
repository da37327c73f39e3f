// Known devices: after a good login a browser gets a secret that makes it known to the account, so that strangers'
// failures cannot lock its owner out (security-rules.md). The secret changes with each use.
//
// Cookie: up to three values of the form of a session cookie (id and secret), joined by '.': people who share a
// computer do not make each other strangers.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "store/session/devices.hpp"

namespace flow {

/// The device among `cookie` that is known to the account; nullopt = a stranger. With nullptr (nobody has the name)
/// the same is read, and the answer is nullopt.
base::Result<std::optional<store::Device>> find_known_device(const House& house, store::Tx& tx,
                                                             const base::Id* account_id, std::string_view cookie,
                                                             base::Time now);

/// After a login: the device gets a new secret, a stranger becomes known. Gives the new value of the cookie.
base::Result<base::Secret> remember_device(const House& house, store::Tx& tx, const base::Id& account_id,
                                           const RequestFacts& facts);

}  // namespace flow
