// What only an opened installation tells: database, audit log, keys, outbox, authority, tokens, gateways. In the
// running server if there is one, because it holds the database, and its own user and limits count.
#pragma once

#include "app/doctor/finding.hpp"
#include "flow/house/house.hpp"

namespace app {

/// `is_quick`: without the walk through the whole audit log, which takes some seconds for a million events.
void examine_house(const flow::House& house, bool is_quick, Findings& findings);

}  // namespace app
