// The texts of the two applications, the inbox and their error pages, in English, German and Polish.
#pragma once

#include <string_view>

#include "text/text.hpp"

namespace demo {

/// The sentence of `key`; the key itself if there is none.
std::string_view find_word(text::Language language, std::string_view key);

}  // namespace demo
