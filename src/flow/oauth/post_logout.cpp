#include "flow/oauth/post_logout.hpp"

#include <charconv>

#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/login/attempt_settings.hpp"

namespace flow {
namespace {
constexpr std::string_view purpose = "post-logout";
constexpr std::size_t longest = 4096;
}  // namespace

std::string seal_post_logout(const House& house, std::string_view location, base::Time now) {
  return base::to_base64url(
      house.master.seal(purpose, std::to_string(base::to_ms(now)) + " " + std::string(location), {}));
}

base::Result<std::string> open_post_logout(const House& house, std::string_view sealed, base::Time now) {
  if (sealed.size() > longest) return base::fail(base::Code::invalid_input, "too long");
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64url(sealed));
  ASSIGN_OR_RETURN(const base::Secret plain, house.master.open(purpose, octets, {}));
  const std::string_view text = plain.reveal();
  const std::size_t space = text.find(' ');
  std::int64_t sealed_at = 0;
  if (space == std::string_view::npos ||
      std::from_chars(text.data(), text.data() + space, sealed_at).ec != std::errc()) {
    return base::fail(base::Code::internal, "a sealed address is not readable");
  }
  if (now >= base::from_ms(sealed_at) + house.settings.attempt.lasts) {
    return base::fail(base::Code::expired, "the logout was asked for too long ago");
  }
  return std::string(text.substr(space + 1));
}

}  // namespace flow
