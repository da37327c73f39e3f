// Lists of words that are separated by blanks: scopes, methods, codes.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// Calls `take` with each word.
template <class F>
void for_each_word(std::string_view words, F&& take) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) take(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

inline bool has_word(std::string_view words, std::string_view wanted) {
  bool found = false;
  for_each_word(words, [&](std::string_view one) { found = found || one == wanted; });
  return found;
}

inline std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> found;
  for_each_word(words, [&](std::string_view one) { found.emplace_back(one); });
  return found;
}

}  // namespace base
