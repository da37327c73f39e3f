#include "flow/house/check_title.hpp"

#include <algorithm>
#include <string>

#include "base/bytes.hpp"
#include "identity/spelling/search_form.hpp"

namespace flow {
namespace {

constexpr std::size_t longest = 100;

}  // namespace

base::Result<void> check_title(std::string_view what, std::string_view title) {
  const bool is_plain = base::is_utf8(title) && std::none_of(title.begin(), title.end(), [](char c) {
                          return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
                        });
  if (is_plain && title.find_first_not_of(' ') != std::string_view::npos && base::count_code_points(title) <= longest) {
    return {};
  }
  return base::fail(base::Code::invalid_input, std::string(what) + ": 1 to 100 characters in one line");
}

std::string plain_word(std::string_view name, std::size_t longest) {
  std::string word;
  for (const char c : identity::search_form(name)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain) word.push_back(c);
    if (!is_plain && !word.empty() && word.back() != '-') word.push_back('-');
  }
  word.resize(std::min(word.size(), longest));
  while (!word.empty() && word.back() == '-') word.pop_back();
  return word;
}

std::string suggest_key(std::string_view name) {
  constexpr std::size_t longest = 40;
  std::string key = plain_word(name, longest);
  key.erase(0, std::min(key.find_first_of("abcdefghijklmnopqrstuvwxyz"), key.size()));
  return key;
}

}  // namespace flow
