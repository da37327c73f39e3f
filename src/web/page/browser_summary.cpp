#include "web/page/browser_summary.hpp"

#include <array>
#include <utility>

namespace web {
namespace {

using Mark = std::pair<std::string_view, std::string_view>;

// The order matters, because most browsers also name the browsers that they are compatible with.
constexpr std::array browsers{
    Mark{"Edg", "Edge"},         Mark{"OPR/", "Opera"},       Mark{"SamsungBrowser/", "Samsung Internet"},
    Mark{"Vivaldi/", "Vivaldi"}, Mark{"Firefox/", "Firefox"}, Mark{"FxiOS/", "Firefox"},
    Mark{"CriOS/", "Chrome"},    Mark{"Chrome/", "Chrome"},   Mark{"Safari/", "Safari"},
    Mark{"curl/", "curl"}};
constexpr std::array systems{Mark{"Android", "Android"}, Mark{"iPhone", "iOS"},     Mark{"iPad", "iPadOS"},
                             Mark{"Windows", "Windows"}, Mark{"Mac OS X", "macOS"}, Mark{"CrOS", "ChromeOS"},
                             Mark{"Linux", "Linux"}};

template <std::size_t n>
std::string find(std::string_view text, const std::array<Mark, n>& marks) {
  for (const auto& [mark, name] : marks) {
    if (text.find(mark) != std::string_view::npos) return std::string(name);
  }
  return {};
}

}  // namespace

BrowserSummary summarise_browser(std::string_view user_agent) {
  return {find(user_agent, browsers), find(user_agent, systems)};
}

std::string say_browser(text::Language language, std::string_view user_agent) {
  const BrowserSummary summary = summarise_browser(user_agent);
  if (!summary.browser.empty() && !summary.system.empty()) {
    return text::say(language, "sessions.browser", {{"browser", summary.browser}, {"system", summary.system}});
  }
  const std::string& known = summary.browser.empty() ? summary.system : summary.browser;
  return known.empty() ? text::say(language, "sessions.unknown_browser") : known;
}

}  // namespace web
