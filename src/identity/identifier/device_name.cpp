#include "identity/identifier/device_name.hpp"

#include "base/bytes.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "identity/spelling/unicode_text.hpp"

namespace identity {

base::Result<std::string> parse_device_name(std::string_view typed) {
  const auto refuse = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  if (!base::is_utf8(typed)) return refuse("the name of a device is not UTF-8");
  const std::string_view name = trimmed(typed);
  if (base::count_code_points(name) > longest_device_name) return refuse("the name of a device is too long");
  const icu::UnicodeString all = decode_utf8(name);
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    if (is_invisible(static_cast<char32_t>(all.char32At(i))))
      return refuse("the name of a device has invisible characters");
  }
  return std::string(name);
}

}  // namespace identity
