// Characters that nobody sees and that change what is seen: controls, marks of direction, and what has no shape of its
// own (Unicode TR 36 §2.5, TR 9). Joiners are none, because some scripts need them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace base {

bool is_hidden(char32_t character);

/// What stands for a hidden character, or for an octet that is no UTF-8.
using WriteHidden = std::function<std::string(char32_t code, bool is_octet)>;
/// `text` with `write` in the places of its hidden characters.
std::string replace_hidden(std::string_view text, const WriteHidden& write);

}  // namespace base
