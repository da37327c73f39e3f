// Tells the owner of an account that it was locked, or that strangers are delayed at it (S4.7).
#pragma once

#include "flow/house/house.hpp"
#include "flow/message/deliver_outbox.hpp"

namespace flow {

/// Delivers the outbox items that count_failure writes (kind lockout_item_kind): composes the notice and forgets the
/// item. Only an active account gets one, and at most four a day, so that an attacker cannot flood its owner with them.
Deliver make_lockout_deliverer(const House& house);

}  // namespace flow
