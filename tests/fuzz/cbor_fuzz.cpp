// CBOR of authenticators, and what stands in it: keys and authenticator data. Whatever is read must end where it says,
// and what is read as one item is read the same as a prefix.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "webauthn/authenticator_data.hpp"
#include "webauthn/cbor.hpp"
#include "webauthn/cose_key.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

std::size_t depth_of(const webauthn::Cbor& value) {
  std::size_t deepest = 0;
  for (const webauthn::Cbor& item : value.items) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto whole = webauthn::parse_cbor(octets);
  const auto prefix = webauthn::parse_cbor_prefix(octets);
  if (prefix) {
    demand(prefix->size > 0 && prefix->size <= size);
    demand(depth_of(prefix->value) <= webauthn::most_cbor_depth);
    demand(webauthn::parse_cbor(octets.substr(0, prefix->size)).has_value());
    demand(!webauthn::parse_cbor(octets.substr(0, prefix->size - 1)).has_value());
  }
  demand(whole.has_value() == (prefix.has_value() && prefix->size == size));
  if (const auto key = webauthn::parse_cose_key(octets)) demand(!key->verify("input", octets));
  if (const auto read = webauthn::parse_authenticator_data(octets)) {
    demand(read->rp_id_hash == octets.substr(0, 32));
    demand(!read->credential || read->credential->id.size() <= webauthn::longest_credential_id);
  }
  return 0;
}
