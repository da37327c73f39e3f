// Requests for time stamps, which strangers send: what is read is written as the same request.
#include <cstdint>

#include "crypto/cms/timestamp_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  const auto parsed = crypto::parse_timestamp_request(input);
  if (!parsed.request) {
    if (parsed.reason.empty()) __builtin_trap();
    return 0;
  }
  const auto written = crypto::make_timestamp_request(*parsed.request);
  if (!written) __builtin_trap();
  const auto again = crypto::parse_timestamp_request(*written);
  if (!again.request || again.request->imprint != parsed.request->imprint ||
      again.request->nonce != parsed.request->nonce || again.request->policy != parsed.request->policy) {
    __builtin_trap();
  }
  return 0;
}
