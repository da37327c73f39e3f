// Registration of the clients that rely on this server. Each change is written with its audit event.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/client.hpp"

namespace flow {

/// `secret` empty: one is made (32 random octets, base64url) for a confidential client; given back once.
base::Result<base::Secret> create_client(const House& house, const rights::Actor& actor, rights::Client client,
                                         const base::Secret& secret, const RequestFacts& facts);
base::Result<std::vector<rights::Client>> list_clients(const House& house, const rights::Actor& actor);
/// Keyed hash under which a client secret is stored.
base::Bytes hash_client_secret(const House& house, const base::Secret& secret);

}  // namespace flow
