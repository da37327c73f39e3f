// Warnings that a credential that signs documents ends soon: 30, 7 and one day before. There is one for each
// certificate and threshold; it is noted in the transaction that writes the message. Of a seal the account is told that
// has made it.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// For the housekeeping thread, a few times a day. Gives how many messages were written. Errors: unavailable.
base::Result<std::size_t> send_credential_warnings(const House& house, base::Time now);

}  // namespace flow
