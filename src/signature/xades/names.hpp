// Names of XML signatures: namespaces, types of references, and which URI stands for which algorithm (XML-DSig §6,
// RFC 9231, EN 319 132-1 §4).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signing/signature_algorithm.hpp"
#include "xml/document.hpp"

namespace signature {

using xml::signature_namespace;
inline constexpr std::string_view xades_namespace = "http://uri.etsi.org/01903/v1.3.2#";
inline constexpr std::string_view xades141_namespace = "http://uri.etsi.org/01903/v1.4.1#";
/// Of the versions that are read; the last ones first.
inline constexpr std::array<std::string_view, 3> xades_namespaces{xades_namespace, "http://uri.etsi.org/01903/v1.2.2#",
                                                                  "http://uri.etsi.org/01903/v1.1.1#"};
bool is_xades_namespace(std::string_view uri);

inline constexpr std::string_view exclusive_uri = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr std::string_view xpath_uri = "http://www.w3.org/TR/1999/REC-xpath-19991116";
inline constexpr std::string_view filter_uri = "http://www.w3.org/2002/06/xmldsig-filter2";
inline constexpr std::string_view base64_uri = "http://www.w3.org/2000/09/xmldsig#base64";
inline constexpr std::string_view object_type = "http://www.w3.org/2000/09/xmldsig#Object";
inline constexpr std::string_view manifest_type = "http://www.w3.org/2000/09/xmldsig#Manifest";
inline constexpr std::string_view counter_type = "http://uri.etsi.org/01903#CountersignedSignature";
inline constexpr std::string_view properties_type = "http://uri.etsi.org/01903#SignedProperties";
/// Also the types of the former versions.
bool is_properties_type(std::string_view uri);

std::string_view uri_of(crypto::DigestKind kind);
std::optional<crypto::DigestKind> find_digest_kind(std::string_view uri);
/// RSA-PSS by the URIs whose parameters are fixed (RFC 9231 §2.3.10).
std::string_view uri_of(crypto::SignatureAlgorithm algorithm);
/// `method`: ds:SignatureMethod, for the parameters of rsa-pss (RFC 9231 §2.3.9), which count only if they are those of
/// crypto::SignatureScheme::rsa_pss. nullopt: another algorithm.
std::optional<crypto::SignatureAlgorithm> find_signature_algorithm(const xml::Element& method);

/// URI of a commitment type for its OID (RFC 5126 §5.11.1), and back; another text stays as it is.
std::string uri_of_commitment(std::string_view oid);
std::string oid_of_commitment(std::string_view uri);
/// "1.2.3" of "urn:oid:1.2.3"; another text stays as it is.
std::string without_oid_scheme(std::string_view uri);
/// Whether the text is an OID in dotted form.
bool is_oid(std::string_view text);

}  // namespace signature
