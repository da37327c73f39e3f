// The functions that need ICU: plural forms, and dates as a language writes them. Only the first call loads the data of
// ICU, because they take memory.
#pragma once

#include "text/text.hpp"

namespace text {

/// The compiled `pattern` is kept under `key`. A pattern that ICU refuses is given back unchanged; a test finds such
/// patterns.
std::string format_message(Language language, std::string_view key, std::string_view pattern,
                           const Arguments& arguments);

}  // namespace text
