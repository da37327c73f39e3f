// Whether the URL of a database protects the connection to it.
#pragma once

#include <string>

#include "base/result.hpp"

namespace store {

/// Whether the connection may leave this host without a check of who the server is: PostgreSQL on another host, and not
/// sslmode=verify-full (PostgreSQL manual, "SSL Support", table of modes), or TLS older than 1.2 allowed by
/// ssl_min_protocol_version. What the URL leaves out is taken from the environment (PGHOST, PGSSLMODE), as libpq does.
/// Errors: invalid_input (unreadable; the reason has no secret).
base::Result<bool> is_server_unverified(const std::string& url);

}  // namespace store
