// The answer of the authorization endpoint as a form that the browser sends on (OAuth 2.0 Form Post Response Mode).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace browser {

struct FormPost {
  std::string action;  // the registered redirect URI
  std::vector<std::pair<std::string_view, std::string>> fields;
};

}  // namespace browser
