#include "audit/value.hpp"

#include <algorithm>

namespace audit {
namespace {

constexpr std::size_t longest_code = 128;

bool is_of_code(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || std::string_view(" _-.:#").find(c) != std::string_view::npos;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

}  // namespace

void Codes::add(Code code) {
  if (!text_.empty()) text_.push_back(' ');
  text_.append(code.view());
}

Value::Value(const std::optional<base::Time>& time) : text_(time ? base::to_rfc3339(*time) : std::string()) {}

Value Value::count(std::optional<std::int64_t> number) {
  return Value(number ? std::to_string(*number) : std::string());
}

Value Value::registered(std::string_view name) {
  std::string kept(name);
  kept.erase(std::remove_if(kept.begin(), kept.end(), is_control), kept.end());
  return Value(std::move(kept));
}

Value Value::route(std::string_view pattern) {
  std::string words;
  while (!pattern.empty()) {
    const std::string_view part = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(std::min(pattern.size(), part.size() + 1));
    if (part.empty() || part.front() == '{') continue;
    words.append(words.empty() ? "" : " ").append(part);
  }
  return checked_code(words);
}

Value Value::checked_code(std::string_view code) {
  const bool is_code = code.size() <= longest_code && std::all_of(code.begin(), code.end(), is_of_code);
  return Value(std::string(is_code ? code : "unreadable"));
}

}  // namespace audit
