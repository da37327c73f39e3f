// The parts of a XAdES signature as text in exclusive canonical form, so that what is digested is what is written. For
// this corridor only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "signature/form/signature_wish.hpp"
#include "signature/xades/issuer_serial.hpp"

namespace signature {

/// One ds:Reference to be written.
struct WrittenReference {
  std::string uri;  // "" = the document
  std::string type;
  std::vector<std::string> transforms;  // URIs; that of XPath takes out all signatures
  base::Bytes digest;
  std::string media_type;  // for DataObjectFormat; "" = none is written
};

/// Ids of the parts of one signature.
struct Ids {
  explicit Ids(const std::string& unique_part);
  std::string signature;
  std::string value;
  std::string properties;
  std::string object;
  [[nodiscard]] std::string reference(std::size_t number) const;
};

/// xades:SignedProperties. `is_alone`: as what its reference digests, with its namespaces; otherwise as it stands
/// inside of ds:Signature, which declares them.
std::string write_properties(const SignatureWish& wish, const crypto::cms::CertificateParts& parts, const Ids& ids,
                             const std::vector<WrittenReference>& references, bool is_alone);
/// ds:SignedInfo; the last reference is that of the properties. `is_alone` as above: what is signed.
std::string write_signed_info(const SignatureWish& wish, const Ids& ids,
                              const std::vector<WrittenReference>& references, bool is_alone);

/// Why a text of the wish cannot stand in XML, or a certificate cannot be read; "" = good.
std::string find_flaw(const SignatureWish& wish);

}  // namespace signature
