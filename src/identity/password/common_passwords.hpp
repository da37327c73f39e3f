// The passwords that everybody tries first (NIST SP 800-63B-4 §3.1.1.2 blocklist; ASVS 5.0 6.2.4: at least the 3000
// most common ones that the policy's length lets through), with Polish and German ones. Compiled in.
#pragma once

#include <string_view>

namespace identity {

/// All words, separated by blanks.
extern const std::string_view common_password_words;

/// Whether the password is one of them in any case, width or accent, also with up to four digits or signs after it.
bool is_common_password(std::string_view password);

}  // namespace identity
