// Lists of revoked certificates, which come from other servers.
#include <cstdint>

#include "crypto/certificate/revocation_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  static_cast<void>(crypto::read_revocation_list(input).has_value());
  return 0;
}
