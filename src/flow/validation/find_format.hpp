// Which kind of document somebody wants to be verified, by its first octets.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace flow {

enum class DocumentKind : std::uint8_t {
  empty,
  cms,  // DER, BER or PEM
  xml,
  pdf,   // not judged yet
  zip,   // ASiC among others; not judged yet
  json,  // JAdES among others; not judged yet
  other,
};
DocumentKind find_kind(base::BytesView octets);

}  // namespace flow
