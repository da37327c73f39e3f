#include "identity/password/common_passwords.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

std::unordered_set<std::string> gather() {
  std::unordered_set<std::string> words;
  std::string_view rest = common_password_words;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (end > 0) words.insert(comparison_form(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

bool is_common_password(std::string_view password) {
  static const std::unordered_set<std::string> words = gather();
  std::string form = comparison_form(password);
  for (int dropped = 0; !form.empty(); ++dropped) {
    if (words.contains(form)) return true;
    if (dropped == 4 || is_letter(form.back())) return false;
    form.pop_back();
  }
  return false;
}

}  // namespace identity
