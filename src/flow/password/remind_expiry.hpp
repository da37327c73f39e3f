// Reminders that a password will expire (S4.11): when the policy's time before the end has begun, then three days and
// one day before. One for each password and threshold, noted in the transaction that writes the message.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// For the sweeper, some times a day. Gives how many messages were written. Errors: unavailable.
base::Result<std::size_t> send_expiry_reminders(const House& house, base::Time now);

}  // namespace flow
