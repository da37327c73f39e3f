#include "flow/house/header_text.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace flow {

std::string header_text(std::string_view value) {
  constexpr std::size_t longest = 256;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
  std::size_t end = std::min(value.size(), longest);
  while (end > 0 && end < value.size() && is_inside(value[end])) --end;
  std::string text(value.substr(0, end));
  if (!base::is_utf8(text)) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80U; }, '?');
  }
  return text;
}

}  // namespace flow
