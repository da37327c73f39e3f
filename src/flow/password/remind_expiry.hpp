// Reminders that a password will expire (S4.11): at the time that the policy names, then three days and one day before.
// There is one for each password and threshold; it is noted in the transaction that writes the message.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// For the housekeeping thread, a few times a day. Gives how many messages were written. Errors: unavailable.
base::Result<std::size_t> send_expiry_reminders(const House& house, base::Time now);

}  // namespace flow
