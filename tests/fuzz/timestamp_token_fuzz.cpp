// Time-stamp tokens and responses of other authorities.
#include <cstdint>

#include "crypto/cms/timestamp_request.hpp"
#include "crypto/cms/timestamp_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::BytesView input(reinterpret_cast<const char*>(data), size);
  const crypto::TimestampFacts facts = crypto::read_timestamp_token(input);
  const auto info = crypto::read_timestamp_info(input);
  if (facts.flaw == crypto::TimestampFlaw::none && !info) __builtin_trap();
  if (info && info->imprint.size() != crypto::size_of(info->digest_kind)) __builtin_trap();
  crypto::TimestampRequest request;
  request.imprint = crypto::digest(crypto::DigestKind::sha256, "a text");
  static_cast<void>(crypto::read_timestamp_response(input, request).has_value());
  return 0;
}
