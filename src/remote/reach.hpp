// Whether something listens at an address: a TCP connection that is closed again at once.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace remote {

/// `address`: IPv4 or IPv6 without brackets; "0.0.0.0" and "::" are this machine. Waits for at most two seconds.
/// Errors: unavailable (the system's reason), invalid_input (no IP address).
base::Result<void> reach(const std::string& address, std::uint16_t port);

}  // namespace remote
