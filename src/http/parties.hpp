// The parties of a request, for the fair queues of the lanes: its networks and its account.
#pragma once

#include "http/body_budget.hpp"
#include "http/fair_queue.hpp"
#include "http/pipeline.hpp"

namespace http {

/// The networks: those of IpAddress::counted_networks(), of which each uses as much less of its share as it is larger.
/// The account: the one that the route finds in the request. All requests through a Unix socket are one party.
Parties parties_of(const Exchange& exchange);
/// The keys of the networks alone.
Holders holders_of(const Exchange& exchange);

}  // namespace http
