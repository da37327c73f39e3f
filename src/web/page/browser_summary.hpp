// A User-Agent header in words that a person recognises: "Firefox on Linux". It is a guess, and no decision depends on
// it.
#pragma once

#include <string>
#include <string_view>

#include "text/text.hpp"

namespace web {

struct BrowserSummary {
  std::string browser;  // "Firefox"; "" = not recognised
  std::string system;   // "Linux"; "" = not recognised
};
BrowserSummary summarise_browser(std::string_view user_agent);

/// "Firefox on Linux", in the person's language.
std::string say_browser(text::Language language, std::string_view user_agent);

}  // namespace web
