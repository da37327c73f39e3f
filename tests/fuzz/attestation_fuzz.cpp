// A registration and an assertion of a passkey. The input is the client data up to the first line feed, then the
// attestation object, and once more the whole of it in each place. The challenge is fixed, so that a good registration
// can be found; an assertion must never verify, because nobody has the key.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/bytes.hpp"
#include "webauthn/ceremonies.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view client = input.substr(0, end);
  const std::string_view rest = input.substr(std::min(end + 1, input.size()));
  const webauthn::Expected expected{"challenge", "https://localhost", "localhost", false};
  for (const std::string_view object : {rest, input}) {
    const auto made = webauthn::verify_registration(expected, client, object);
    if (!made) continue;
    demand(!made->id.empty() && made->aaguid.size() == 16 && !made->public_key.empty());
    // An attestation of a maker, or of the key itself, would need a signature.
    const auto again = webauthn::verify_assertion(expected, made->public_key, client, rest, rest);
    demand(!again.has_value());
  }
  static const base::Bytes key = base::parse_hex(
                                     "a5010203262001215820"
                                     "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                     "225820"
                                     "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
                                     .value();
  const std::string_view half = rest.substr(0, rest.size() / 2);
  demand(!webauthn::verify_assertion(expected, key, client, half, rest.substr(rest.size() / 2)).has_value());
  return 0;
}
