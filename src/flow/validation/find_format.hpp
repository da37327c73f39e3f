// Which kind of document somebody wants to be verified, by its first octets.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/octet_source.hpp"
#include "base/result.hpp"

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

/// As much of a document as tells its kind; all of it, if it is not longer. `source`: where the document is, if it is
/// not in memory. Errors: unavailable, internal.
base::Result<base::Bytes> read_beginning(base::BytesView octets, const base::OctetSource* source);

}  // namespace flow
