// Requests for certificates (PKCS#10), which every program of the network may send.
#include <cstdint>

#include "crypto/certificate/certificate_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  static_cast<void>(crypto::read_certificate_request(input).has_value());
  return 0;
}
