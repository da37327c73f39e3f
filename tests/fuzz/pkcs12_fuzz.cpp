// A file with a key as a person uploads it, and the forms of an ECDSA value: what is taken has one encoding.
#include <cstdint>
#include <cstdlib>

#include "crypto/signing/ecdsa_value.hpp"
#include "crypto/signing/pkcs12_file.hpp"
#include "crypto/signing/token_parts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  static_cast<void>(crypto::read_pkcs12(input, base::Secret("cryptography")));
  static_cast<void>(crypto::split_certificate(input));
  static_cast<void>(crypto::join_ec_public_key(input.substr(0, size / 2), input.substr(size / 2)));
  for (const std::size_t order : {32U, 48U, 66U}) {
    const auto raw = crypto::decode_ecdsa_value(input, order);
    if (raw && crypto::encode_ecdsa_value(*raw).value() != input) std::abort();
  }
  const auto der = crypto::encode_ecdsa_value(input);
  if (der && crypto::decode_ecdsa_value(*der, size / 2).value() != input) std::abort();
  return 0;
}
