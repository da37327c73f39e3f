// A client changes its own secret, which it proves by the present one. The two slots let both count for a while, so
// that a program on several machines changes over without an outage.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"

namespace flow {

/// For how long the secret before may still be used.
inline constexpr base::Duration own_secret_kept = std::chrono::hours(24);

struct OwnSecret {
  base::Secret secret;
  std::optional<base::Time> old_until;  // nullopt: the one before ended at once
};
/// nullopt: the client did not authenticate by its newest secret, which is recorded: the one before it cannot rotate.
/// Of two secrets the older one ends at once. Errors: unavailable, conflict (changed meanwhile).
base::Result<std::optional<OwnSecret>> rotate_own_secret(const House& house, const ClientCredentials& credentials,
                                                         bool keeps_old, const RequestFacts& facts);

}  // namespace flow
