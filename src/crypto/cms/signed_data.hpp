// SignedData of CMS (RFC 5652 §5): taken apart into views, and put together again. What is kept keeps its octets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/der.hpp"

namespace crypto::cms {

/// Views into the octets that were read, which outlive it.
struct SignedData {
  std::int64_t version = 0;
  base::BytesView digest_algorithms;          // content of the SET
  base::BytesView content_type;               // content octets of the identifier
  bool has_content = false;                   // false: detached
  base::BytesView content;                    // octets of the OCTET STRING
  std::vector<base::BytesView> certificates;  // each CertificateChoices, whole
  std::vector<base::BytesView> lists;         // each RevocationInfoChoice, whole
  std::vector<base::BytesView> signers;       // each SignerInfo, whole
  std::shared_ptr<const base::Bytes> joined;  // the content, if it stood in pieces
};
/// ContentInfo with SignedData. The frame may be BER; octets behind the end are refused.
/// Errors: invalid_input; not_found (another type of content than SignedData).
base::Result<SignedData> read_signed_data(base::BytesView octets);

struct SignerInfo {
  std::int64_t version = 0;
  base::BytesView issuer;            // Name, whole element; "" = named by key_id
  base::BytesView serial;            // content octets
  base::BytesView key_id;            // subjectKeyIdentifier
  base::BytesView digest_algorithm;  // whole
  bool has_signed_attributes = false;
  bool are_signed_attributes_definite = true;
  base::BytesView signed_attributes;    // content of the SET
  base::BytesView signature_algorithm;  // whole
  base::BytesView signature;
  base::BytesView unsigned_attributes;  // content of the SET; "" = none
  base::BytesView before_unsigned;      // content of the SignerInfo up to the unsigned attributes
};
/// Errors: invalid_input.
base::Result<SignerInfo> read_signer(base::BytesView whole);
/// The octets that the value signs: the attributes under the tag of SET (§5.4), as they stand.
base::Bytes octets_to_sign(base::BytesView signed_attributes);

/// Puts a SignedData together, ContentInfo, DER but for what was BER inside. Its version follows from its parts (§5.1).
struct SignedDataParts {
  std::vector<base::Bytes> digest_algorithms;  // AlgorithmIdentifiers
  base::BytesView content_type;                // content octets of the identifier
  bool has_content = false;
  base::BytesView content;
  std::vector<base::Bytes> certificates;
  std::vector<base::Bytes> lists;
  std::vector<base::Bytes> signers;
};
base::Bytes make_signed_data(const SignedDataParts& parts);
/// The same parts as were read. Errors: invalid_input (digestAlgorithms broken).
base::Result<SignedDataParts> parts_of(const SignedData& read);
/// Adds what is not there yet.
void add_once(std::vector<base::Bytes>& all, base::BytesView one);

/// A SignerInfo of version 1 without unsigned attributes, whole. `signed_attributes`: content of the SET.
struct SignerInfoParts {
  base::BytesView issuer;               // Name, whole
  base::BytesView serial;               // content octets
  base::BytesView digest_algorithm;     // whole
  base::BytesView signed_attributes;    // content of the SET
  base::BytesView signature_algorithm;  // whole
};
base::Bytes make_signer(const SignerInfoParts& parts, base::BytesView signature);
/// The SignerInfo with one more unsigned attribute behind those that it has: an archive time stamp of others covers
/// them in their order.
base::Bytes add_unsigned(const SignerInfo& signer, base::BytesView attribute);

/// The DER or BER in PEM with the label "PKCS7" or "CMS". Octets that are no PEM come back as they are.
/// Errors: invalid_input (PEM that is broken).
base::Result<base::Bytes> strip_pem(base::BytesView octets);
/// The first octets of a message, in PEM or not: enough to tell what it is, although the rest may be cut off or broken.
base::Bytes beginning_of(base::BytesView octets);

}  // namespace crypto::cms
