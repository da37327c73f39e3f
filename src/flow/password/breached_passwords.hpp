// The file of breached passwords: one line a password, "HASH:COUNT", HASH the SHA-1 of the password in 40 hexadecimal
// digits, sorted by it. This is the format in which such lists are published for offline use. The file has tens of
// gigabytes, so it is read by binary search, some forty reads of one block each, and nothing of it is kept. It is
// opened each time, so that a newer file takes the place of the old one without a restart.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"

namespace flow {

/// Whether the password is in the file of the settings; false without one. Errors: unavailable (the file cannot be
/// read; then no password may be set, because what cannot be evaluated is refused).
base::Result<bool> is_breached(const House& house, std::string_view password);

/// For configuration: whether the file can be read, and lines at its beginning, its end and in between have the format
/// and the order. Errors: invalid_input, unavailable; the reason is a sentence.
base::Result<void> check_breached_file(const std::string& file);

}  // namespace flow
