#include "identity/password/common_passwords.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

std::unordered_set<std::string> gather() {
  std::unordered_set<std::string> forms;
  for (const std::string_view word : list_common_passwords()) forms.insert(comparison_form(word));
  return forms;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::vector<std::string_view> list_common_passwords() {
  std::vector<std::string_view> passwords;
  for (const base::EmbeddedFile& file : embedded_password_common_passwords()) {
    std::string_view rest = file.content;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      // A comment is "# " or "#" alone, so that "#1password" remains a password.
      if (!line.empty() && line != "#" && !line.starts_with("# ")) passwords.push_back(line);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return passwords;
}

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
