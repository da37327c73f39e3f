// The client data of a passkey: whatever is accepted names our challenge and our origin.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "webauthn/client_data.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const webauthn::Expected expected{"challenge", "https://localhost", "localhost", false};
  const bool is_new = webauthn::check_client_data(input, webauthn::Ceremony::registration, expected).has_value();
  const bool is_login = webauthn::check_client_data(input, webauthn::Ceremony::authentication, expected).has_value();
  if (is_new && is_login) std::abort();
  const auto names = [&](std::string_view text) { return input.find(text) != std::string_view::npos; };
  // Either spelling of a letter is JSON, so that only what has no escape can be looked for.
  if ((is_new || is_login) && !names("\\") && !(names("Y2hhbGxlbmdl") && names("https://localhost"))) std::abort();
  return 0;
}
