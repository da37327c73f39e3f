// What lies between the two steps of a CAdES signature. No secret; DER, so that it can be stored.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace signature {

struct CadesState {
  enum class Kind : std::uint8_t {
    first_detached,
    first_enveloping,
    parallel,
    counter,
  };
  Kind kind = Kind::first_detached;
  std::size_t signer = 0;  // of a counter-signature: whose value is signed
  crypto::SignatureAlgorithm algorithm;
  std::vector<base::Bytes> certificates;  // of the signer, then those above it
  base::Bytes signed_attributes;          // content of the SET
  base::Bytes digest;                     // of the content
  base::Bytes signature_sha256;           // of the signature that is added to; "" = a first one
};
base::Bytes encode_state(const CadesState& state);
/// Errors: invalid_input.
base::Result<CadesState> decode_state(base::BytesView octets);

}  // namespace signature
