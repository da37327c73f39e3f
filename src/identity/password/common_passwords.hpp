// The passwords that attackers try first (NIST SP 800-63B-4 §3.1.1.2 blocklist; ASVS 5.0 6.2.4: at least the 3000 most
// common ones that the policy's length lets through), with Polish and German ones. The files of the folder
// common_passwords hold them, one a line, with their source and licence; the build compiles them in.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"

namespace identity {

/// Made by cmake/embed.cmake.
std::span<const base::EmbeddedFile> embedded_password_common_passwords();

/// All of them, without the comments of the files.
std::vector<std::string_view> list_common_passwords();

/// Whether the password is one of them in any case, width or accent, also with up to four digits or signs after it.
bool is_common_password(std::string_view password);

}  // namespace identity
