#include "flow/house/check_title.hpp"

#include <algorithm>
#include <string>

#include "base/bytes.hpp"

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

}  // namespace flow
