// What a SoftKey holds. For this room only.
#pragma once

#include <memory>
#include <vector>

#include "crypto/certificate/x509.hpp"
#include "crypto/signing/openssl_signing.hpp"
#include "crypto/signing/soft_key.hpp"

namespace crypto {

struct SoftKey::Impl {
  ossl::Key key;
  base::Bytes public_key;
  std::vector<SignatureAlgorithm> algorithms;
  std::uint64_t number = ossl::next_key_number();
};
/// Errors: invalid_input (a key that signs no documents here, a public part that is not of the private one).
base::Result<SoftKey> keep_soft_key(ossl::Key key);

}  // namespace crypto
