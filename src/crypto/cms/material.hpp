// Certificates, lists and answers about revocation that travel in a CMS message (RFC 5652 §10.2, EN 319 122-1 §5.4).
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/signed_data.hpp"

namespace crypto::cms {

inline constexpr std::size_t most_material = 256;

struct Material {
  std::vector<base::Bytes> certificates;  // DER
  std::vector<base::Bytes> lists;         // CRLs, DER
  std::vector<base::Bytes> ocsp_answers;  // OCSPResponse or BasicOCSPResponse, DER
};
/// Those of the SignedData. What is of another sort, or cannot be read, is left out: it proves nothing.
void collect(const SignedData& read, Material& material);
/// Those in the attributes certificate-values and revocation-values.
void collect(const std::vector<Attribute>& unsigned_attributes, Material& material);

}  // namespace crypto::cms
