// Puts the imported certificate where common programs look for it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "client/credential.hpp"

namespace client {

/// `program`: curl, java, chromium or openssl. `authority`: PEM of the authority of the connector's own certificate, if
/// it is another one than that of the ZIP; "" = that of the ZIP. Both are trusted then. Gives what was done and how the
/// program uses it. Errors: invalid_input (no such program; no certificate in `authority`), not_found (a tool is
/// missing: the reason names its package), unavailable (a tool failed).
base::Result<std::string> install_for(std::string_view program, const std::filesystem::path& folder,
                                      const Credential& credential, std::string_view authority);

}  // namespace client
