// The parties of a request, for the fair queues of the lanes: its network, the network around it, its account.
#pragma once

#include "http/fair_queue.hpp"
#include "http/pipeline.hpp"

namespace http {

/// The networks: an IPv4 address, or an IPv6 /64 and its /56 (RFC 6177), which has four times the share of a /64. The
/// account: the one that the route finds in the request. All requests through a Unix socket are one party.
Parties parties_of(const Exchange& exchange);
/// The key of the first network alone.
std::uint64_t network_of(const Exchange& exchange);

}  // namespace http
