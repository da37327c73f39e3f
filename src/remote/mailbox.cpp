#include <algorithm>
#include <cctype>
#include <cstring>

#include "remote/smtp_client.hpp"

namespace remote {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_character(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::strchr("!#$%&'*+-/=?^_`{|}~", c) != nullptr);
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_atom(std::string_view atom) {
  return !atom.empty() && std::all_of(atom.begin(), atom.end(), is_atom_character);
}

// Whether `judge` accepts each part between the dots.
template <class Judge>
bool all_parts(std::string_view text, Judge judge) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!judge(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_domain(std::string_view text) {
  return text.size() <= 253 && all_parts(text, is_label);
}

bool is_mailbox(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at > 64 || text.size() > 254) return false;
  return all_parts(text.substr(0, at), is_atom) && is_domain(text.substr(at + 1));
}

}  // namespace remote
