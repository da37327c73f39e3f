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

inline void append_word(std::string& words, std::string_view word) {
  if (!words.empty()) words.push_back(' ');
  words.append(word);
}

/// Appends the word if it is not there.
inline void add_word(std::string& words, std::string_view word) {
  if (!has_word(words, word)) append_word(words, word);
}

/// The words for which `is_kept` is true, each once.
template <class F>
std::string keep_words(std::string_view words, F&& is_kept) {
  std::string kept;
  for_each_word(words, [&](std::string_view word) {
    if (is_kept(word)) add_word(kept, word);
  });
  return kept;
}

inline std::vector<std::string> split_words(std::string_view words) {
  std::vector<std::string> found;
  for_each_word(words, [&](std::string_view one) { found.emplace_back(one); });
  return found;
}

}  // namespace base
