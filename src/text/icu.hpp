// What needs ICU: plural forms, and dates in the manner of a language. Its data are touched at the first call only,
// so that a server that nobody asks for a date does not carry them in memory.
#pragma once

#include "text/text.hpp"

namespace text {

/// `pattern` is kept compiled under `key`. A broken pattern gives the pattern itself (a test finds such).
std::string format_message(Language language, std::string_view key, std::string_view pattern,
                           const Arguments& arguments);

}  // namespace text
