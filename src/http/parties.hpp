// Who is behind a request, for the fair queues of the lanes: its network, the network around it, its account.
#pragma once

#include "http/fair_queue.hpp"
#include "http/pipeline.hpp"

namespace http {

/// An IPv4 address, or an IPv6 /64 inside of its /56 (RFC 6177), which together has four shares; and the account that
/// the route finds in the request. What has no address (a Unix socket) is one party.
Parties parties_of(const Exchange& exchange);

}  // namespace http
