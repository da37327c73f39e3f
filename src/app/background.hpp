// What the server does without being asked: sends the outbox, ends sessions whose time is over, deletes what is
// old, takes up new signing keys, and writes the head of the audit log's chain to the log.
#pragma once

#include "app/config.hpp"
#include "app/worker.hpp"
#include "flow/house.hpp"

namespace app {

/// Steps for workers; each says how long to wait until its next.
std::function<base::Duration()> outbox_step(const flow::House& house, const Config& config);
std::function<base::Duration()> housekeeping_step(const flow::House& house);

}  // namespace app
