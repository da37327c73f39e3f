// Attributes of a signer in CMS: their identifiers, how a set of them is read, and how those are written that CAdES and
// time-stamp tokens sign (RFC 5652 §11, RFC 5035, EN 319 122-1 §5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/cms/der.hpp"
#include "crypto/signing/signature_algorithm.hpp"

namespace crypto::cms {

inline constexpr der::Oid id_data{"1.2.840.113549.1.7.1"};
inline constexpr der::Oid id_signed_data{"1.2.840.113549.1.7.2"};
inline constexpr der::Oid id_tst_info{"1.2.840.113549.1.9.16.1.4"};

inline constexpr der::Oid content_type{"1.2.840.113549.1.9.3"};
inline constexpr der::Oid message_digest{"1.2.840.113549.1.9.4"};
inline constexpr der::Oid signing_time{"1.2.840.113549.1.9.5"};
inline constexpr der::Oid counter_signature{"1.2.840.113549.1.9.6"};
inline constexpr der::Oid algorithm_protection{"1.2.840.113549.1.9.52"};  // RFC 6211
inline constexpr der::Oid content_hints{"1.2.840.113549.1.9.16.2.4"};
inline constexpr der::Oid content_reference{"1.2.840.113549.1.9.16.2.10"};
inline constexpr der::Oid signing_certificate{"1.2.840.113549.1.9.16.2.12"};
inline constexpr der::Oid signature_timestamp{"1.2.840.113549.1.9.16.2.14"};
inline constexpr der::Oid signature_policy{"1.2.840.113549.1.9.16.2.15"};
inline constexpr der::Oid commitment_type{"1.2.840.113549.1.9.16.2.16"};
inline constexpr der::Oid signer_attributes{"1.2.840.113549.1.9.16.2.18"};
inline constexpr der::Oid content_timestamp{"1.2.840.113549.1.9.16.2.20"};
inline constexpr der::Oid certificate_values{"1.2.840.113549.1.9.16.2.23"};
inline constexpr der::Oid revocation_values{"1.2.840.113549.1.9.16.2.24"};
inline constexpr der::Oid signing_certificate_v2{"1.2.840.113549.1.9.16.2.47"};
inline constexpr der::Oid archive_timestamp_v2{"1.2.840.113549.1.9.16.2.48"};
inline constexpr der::Oid mime_type{"0.4.0.1733.2.1"};
inline constexpr der::Oid long_term_validation{"0.4.0.1733.2.2"};
inline constexpr der::Oid archive_timestamp_v3{"0.4.0.1733.2.4"};
inline constexpr der::Oid signer_attributes_v2{"0.4.0.19122.1.1"};
inline constexpr der::Oid ats_hash_index_v3{"0.4.0.19122.1.5"};

/// Views.
struct Attribute {
  base::BytesView oid;               // content octets
  std::vector<der::Element> values;  // one or more
  base::BytesView whole;
};
/// The attributes in the content of a SET. Errors: invalid_input (broken, an attribute without value).
base::Result<std::vector<Attribute>> read_attributes(base::BytesView content, der::Rules rules);
/// nullptr: none. The first one, if there are several.
const Attribute* find(const std::vector<Attribute>& attributes, const der::Oid& oid);
std::size_t count(const std::vector<Attribute>& attributes, const der::Oid& oid);

/// One attribute with one value, DER.
base::Bytes make_attribute(const der::Oid& oid, base::BytesView value);
/// signing-certificate-v2 with the one certificate, with issuer and serial (RFC 5035 §3). Errors: invalid_input.
base::Result<base::Bytes> make_signing_certificate(base::BytesView certificate, DigestKind digest);

/// The first ESSCertID or ESSCertIDv2 of the attribute.
struct CertificateReference {
  std::optional<DigestKind> digest_kind;  // nullopt: not known here
  std::string digest_name;
  base::BytesView digest;
  base::BytesView issuer;  // Name, whole element; "" = not said
  base::BytesView serial;  // content octets; "" = not said
};
/// `is_v2`: signing-certificate-v2. Errors: invalid_input.
base::Result<CertificateReference> read_certificate_reference(const der::Element& value, bool is_v2);
/// Whether the reference is to this certificate (DER): digest and, if said, issuer and serial.
bool is_reference_to(const CertificateReference& reference, base::BytesView certificate);

}  // namespace crypto::cms
