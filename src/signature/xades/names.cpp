#include "signature/xades/names.hpp"

#include <algorithm>

namespace signature {
namespace {

using crypto::DigestKind;
using crypto::SignatureAlgorithm;
using crypto::SignatureScheme;

constexpr std::string_view pss_uri = "http://www.w3.org/2007/05/xmldsig-more#rsa-pss";
constexpr std::string_view pss_namespace = "http://www.w3.org/2007/05/xmldsig-more#";

struct NamedDigest {
  std::string_view uri;
  DigestKind kind;
};
constexpr std::array named_digests{
    NamedDigest{"http://www.w3.org/2001/04/xmldsig-more#md5", DigestKind::md5},
    NamedDigest{"http://www.w3.org/2000/09/xmldsig#sha1", DigestKind::sha1},
    NamedDigest{"http://www.w3.org/2001/04/xmldsig-more#sha224", DigestKind::sha224},
    NamedDigest{"http://www.w3.org/2001/04/xmlenc#sha256", DigestKind::sha256},
    NamedDigest{"http://www.w3.org/2001/04/xmldsig-more#sha384", DigestKind::sha384},
    NamedDigest{"http://www.w3.org/2001/04/xmlenc#sha512", DigestKind::sha512},
    NamedDigest{"http://www.w3.org/2007/05/xmldsig-more#sha3-224", DigestKind::sha3_224},
    NamedDigest{"http://www.w3.org/2007/05/xmldsig-more#sha3-256", DigestKind::sha3_256},
    NamedDigest{"http://www.w3.org/2007/05/xmldsig-more#sha3-384", DigestKind::sha3_384},
    NamedDigest{"http://www.w3.org/2007/05/xmldsig-more#sha3-512", DigestKind::sha3_512},
    NamedDigest{"http://www.w3.org/2001/04/xmlenc#ripemd160", DigestKind::ripemd160},
};

struct NamedAlgorithm {
  std::string_view uri;
  SignatureAlgorithm algorithm;
};
constexpr std::array named_algorithms{
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-md5", {SignatureScheme::rsa_pkcs1, DigestKind::md5}},
    NamedAlgorithm{"http://www.w3.org/2000/09/xmldsig#rsa-sha1", {SignatureScheme::rsa_pkcs1, DigestKind::sha1}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
                   {SignatureScheme::rsa_pkcs1, DigestKind::sha224}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                   {SignatureScheme::rsa_pkcs1, DigestKind::sha256}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
                   {SignatureScheme::rsa_pkcs1, DigestKind::sha384}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
                   {SignatureScheme::rsa_pkcs1, DigestKind::sha512}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", {SignatureScheme::ecdsa, DigestKind::sha1}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224", {SignatureScheme::ecdsa, DigestKind::sha224}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", {SignatureScheme::ecdsa, DigestKind::sha256}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", {SignatureScheme::ecdsa, DigestKind::sha384}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", {SignatureScheme::ecdsa, DigestKind::sha512}},
    NamedAlgorithm{"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-224",
                   {SignatureScheme::ecdsa, DigestKind::sha3_224}},
    NamedAlgorithm{"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-256",
                   {SignatureScheme::ecdsa, DigestKind::sha3_256}},
    NamedAlgorithm{"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-384",
                   {SignatureScheme::ecdsa, DigestKind::sha3_384}},
    NamedAlgorithm{"http://www.w3.org/2021/04/xmldsig-more#ecdsa-sha3-512",
                   {SignatureScheme::ecdsa, DigestKind::sha3_512}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#ecdsa-ripemd160",
                   {SignatureScheme::ecdsa, DigestKind::ripemd160}},
    NamedAlgorithm{"http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
                   {SignatureScheme::rsa_pkcs1, DigestKind::ripemd160}},
    NamedAlgorithm{"http://www.w3.org/2000/09/xmldsig#dsa-sha1", {SignatureScheme::dsa, DigestKind::sha1}},
    NamedAlgorithm{"http://www.w3.org/2009/xmldsig11#dsa-sha256", {SignatureScheme::dsa, DigestKind::sha256}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha3-224-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha3_224}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha3_256}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha3-384-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha3_384}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha3-512-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha3_512}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha1}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha224}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha256}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha384}},
    NamedAlgorithm{"http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
                   {SignatureScheme::rsa_pss, DigestKind::sha512}},
};

struct NamedCommitment {
  std::string_view oid;
  std::string_view uri;
};
constexpr std::array named_commitments{
    NamedCommitment{"1.2.840.113549.1.9.16.6.1", "http://uri.etsi.org/01903/v1.2.2#ProofOfOrigin"},
    NamedCommitment{"1.2.840.113549.1.9.16.6.2", "http://uri.etsi.org/01903/v1.2.2#ProofOfReceipt"},
    NamedCommitment{"1.2.840.113549.1.9.16.6.3", "http://uri.etsi.org/01903/v1.2.2#ProofOfDelivery"},
    NamedCommitment{"1.2.840.113549.1.9.16.6.4", "http://uri.etsi.org/01903/v1.2.2#ProofOfSender"},
    NamedCommitment{"1.2.840.113549.1.9.16.6.5", "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval"},
    NamedCommitment{"1.2.840.113549.1.9.16.6.6", "http://uri.etsi.org/01903/v1.2.2#ProofOfCreation"},
};

// The digest that a parameter of RSASSA-PSS names; its default is SHA-256.
std::optional<DigestKind> find_parameter_digest(const std::optional<xml::Element>& parent) {
  if (!parent) return DigestKind::sha256;
  const auto method = parent->find_only(signature_namespace, "DigestMethod");
  if (!method) return parent->children().empty() ? std::optional(DigestKind::sha256) : std::nullopt;
  return find_digest_kind(method->find_attribute("Algorithm").value_or(""));
}
bool says(const xml::Element& parameters, std::string_view name, std::size_t number) {
  const auto parameter = parameters.find_only(pss_namespace, name);
  return !parameter || parameter->find_text() == std::to_string(number);
}

// RFC 9231 §2.3.9: "the default is SHA-256 as DigestMethod, MGF1 with SHA-256 and a salt as long as the digest".
std::optional<SignatureAlgorithm> find_pss(const xml::Element& method) {
  const auto parameters = method.find_only(pss_namespace, "RSAPSSParams");
  if (!parameters) {
    if (!method.children().empty()) return std::nullopt;
    return SignatureAlgorithm{SignatureScheme::rsa_pss, DigestKind::sha256};
  }
  const auto digest = find_parameter_digest(parameters);
  const auto mask = parameters->find_only(pss_namespace, "MaskGenerationFunction");
  const auto mask_digest = find_parameter_digest(mask);
  if (!digest || mask_digest != digest) return std::nullopt;
  if (mask && mask->find_attribute("Algorithm").value_or("http://www.w3.org/2007/05/xmldsig-more#MGF1") !=
                  "http://www.w3.org/2007/05/xmldsig-more#MGF1")
    return std::nullopt;
  if (!says(*parameters, "SaltLength", crypto::size_of(*digest)) || !says(*parameters, "TrailerField", 1))
    return std::nullopt;
  return SignatureAlgorithm{SignatureScheme::rsa_pss, *digest};
}

}  // namespace

bool is_xades_namespace(std::string_view uri) {
  return std::find(xades_namespaces.begin(), xades_namespaces.end(), uri) != xades_namespaces.end();
}

bool is_properties_type(std::string_view uri) {
  return uri == properties_type || uri == "http://uri.etsi.org/01903/v1.3.2#SignedProperties" ||
         uri == "http://uri.etsi.org/01903/v1.2.2#SignedProperties" ||
         uri == "http://uri.etsi.org/01903/v1.1.1#SignedProperties";
}

std::string_view uri_of(DigestKind kind) {
  for (const NamedDigest& named : named_digests)
    if (named.kind == kind) return named.uri;
  return "";
}

std::optional<DigestKind> find_digest_kind(std::string_view uri) {
  for (const NamedDigest& named : named_digests)
    if (named.uri == uri) return named.kind;
  return std::nullopt;
}

std::string_view uri_of(SignatureAlgorithm algorithm) {
  for (const NamedAlgorithm& named : named_algorithms)
    if (named.algorithm == algorithm) return named.uri;
  return "";
}

std::optional<SignatureAlgorithm> find_signature_algorithm(const xml::Element& method) {
  const std::string uri = method.find_attribute("Algorithm").value_or("");
  if (uri == pss_uri) return find_pss(method);
  for (const NamedAlgorithm& named : named_algorithms)
    if (named.uri == uri) return named.algorithm;
  return std::nullopt;
}

std::string uri_of_commitment(std::string_view oid) {
  for (const NamedCommitment& named : named_commitments)
    if (named.oid == oid) return std::string(named.uri);
  return is_oid(oid) ? "urn:oid:" + std::string(oid) : std::string(oid);
}

std::string oid_of_commitment(std::string_view uri) {
  for (const NamedCommitment& named : named_commitments)
    if (named.uri == uri) return std::string(named.oid);
  return without_oid_scheme(uri);
}

std::string without_oid_scheme(std::string_view uri) {
  constexpr std::string_view scheme = "urn:oid:";
  if (uri.starts_with(scheme) || uri.starts_with("URN:OID:") || uri.starts_with("OID:"))
    return std::string(uri.substr(uri.find_last_of(':') + 1));
  return std::string(uri);
}

bool is_oid(std::string_view text) {
  if (text.size() < 3 || text.size() > 200 || text.front() < '0' || text.front() > '2' || text[1] != '.') return false;
  char before = '.';
  for (const char c : text) {
    if (c != '.' && (c < '0' || c > '9')) return false;
    if (c == '.' && before == '.') return false;
    before = c;
  }
  return before != '.';
}

}  // namespace signature
