#include "crypto/cms/attributes.hpp"

#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/certificate_parts.hpp"

namespace crypto::cms {
namespace {

// GeneralNames with the one directoryName that IssuerSerial has (RFC 5035 §4: "MUST contain only the issuer name").
base::Result<base::BytesView> read_issuer(const der::Element& names) {
  der::Reader reader(names.content);
  ASSIGN_OR_RETURN(const der::Element directory, reader.take(der::context(4)));
  RETURN_IF_ERROR(reader.finish());
  ASSIGN_OR_RETURN(const der::Element name, der::read_one(directory.content));
  return name.whole;
}

base::Result<CertificateReference> read_reference(der::Reader reader, bool is_v2) {
  CertificateReference reference;
  reference.digest_kind = is_v2 ? DigestKind::sha256 : DigestKind::sha1;
  if (is_v2) {
    ASSIGN_OR_RETURN(const auto algorithm, reader.take_if(der::sequence));
    if (algorithm) {
      ASSIGN_OR_RETURN(const DigestIdentifier digest, read_digest_identifier(algorithm->whole));
      reference.digest_kind = digest.kind;
      reference.digest_name = digest.name;
    }
  }
  if (reference.digest_kind) reference.digest_name = std::string(name_of(*reference.digest_kind));
  ASSIGN_OR_RETURN(const der::Element digest, reader.take(der::octet_string));
  reference.digest = digest.content;
  ASSIGN_OR_RETURN(const auto issuer_serial, reader.take_if(der::sequence));
  RETURN_IF_ERROR(reader.finish());
  if (!issuer_serial) return reference;
  der::Reader inner(issuer_serial->content);
  ASSIGN_OR_RETURN(const der::Element names, inner.take(der::sequence));
  ASSIGN_OR_RETURN(reference.issuer, read_issuer(names));
  ASSIGN_OR_RETURN(const der::Element serial, inner.take(der::integer));
  RETURN_IF_ERROR(inner.finish());
  reference.serial = serial.content;
  return reference;
}

}  // namespace

base::Result<std::vector<Attribute>> read_attributes(base::BytesView content, der::Rules rules) {
  std::vector<Attribute> attributes;
  der::Reader reader(content, rules);
  while (!reader.is_at_end()) {
    ASSIGN_OR_RETURN(const der::Element whole, reader.take(der::sequence));
    der::Reader inner(whole.content, rules);
    ASSIGN_OR_RETURN(const der::Element oid, inner.take(der::object_identifier));
    ASSIGN_OR_RETURN(const der::Element values, inner.take(der::set));
    RETURN_IF_ERROR(inner.finish());
    Attribute attribute{oid.content, {}, whole.whole};
    ASSIGN_OR_RETURN(attribute.values, der::read_all(values.content, rules));
    if (attribute.values.empty() || der::oid_text(oid.content).empty()) {
      return base::fail(base::Code::invalid_input, "an attribute without value or name");
    }
    attributes.push_back(std::move(attribute));
  }
  return attributes;
}

const Attribute* find(const std::vector<Attribute>& attributes, const der::Oid& oid) {
  for (const Attribute& attribute : attributes) {
    if (attribute.oid == oid.content()) return &attribute;
  }
  return nullptr;
}

std::size_t count(const std::vector<Attribute>& attributes, const der::Oid& oid) {
  std::size_t number = 0;
  for (const Attribute& attribute : attributes) number += attribute.oid == oid.content() ? 1U : 0U;
  return number;
}

base::Bytes make_attribute(const der::Oid& oid, base::BytesView value) {
  return der::make(der::sequence, {der::make(oid), der::make(der::set, value)});
}

base::Result<base::Bytes> make_signing_certificate(base::BytesView certificate, DigestKind digest_kind) {
  ASSIGN_OR_RETURN(const CertificateParts parts, read_certificate_parts(certificate));
  // RFC 5035 §4: hashAlgorithm DEFAULT SHA-256; DER leaves a default out.
  const base::Bytes algorithm = digest_kind == DigestKind::sha256 ? base::Bytes() : make_identifier(digest_kind);
  const base::Bytes names = der::make(der::sequence, der::make(der::context(4), parts.issuer));
  const base::Bytes issuer_serial = der::make(der::sequence, {names, der::make(der::integer, parts.serial)});
  const base::Bytes hash = der::make(der::octet_string, digest(digest_kind, certificate));
  const base::Bytes id = der::make(der::sequence, {algorithm, hash, issuer_serial});
  return make_attribute(signing_certificate_v2, der::make(der::sequence, der::make(der::sequence, id)));
}

base::Result<CertificateReference> read_certificate_reference(const der::Element& value, bool is_v2) {
  if (value.tag != der::sequence) return base::fail(base::Code::invalid_input, "no reference to a certificate");
  der::Reader outer(value.content);
  ASSIGN_OR_RETURN(der::Reader ids, outer.enter(der::sequence));
  RETURN_IF_ERROR(outer.take_if(der::sequence));  // policies
  RETURN_IF_ERROR(outer.finish());
  // RFC 5035 §3: "The first certificate identified in the sequence of certificate identifiers MUST be the certificate
  // used to verify the signature."
  ASSIGN_OR_RETURN(const der::Element first, ids.take(der::sequence));
  return read_reference(der::Reader(first.content), is_v2);
}

bool is_reference_to(const CertificateReference& reference, base::BytesView certificate) {
  if (!reference.digest_kind || digest(*reference.digest_kind, certificate) != reference.digest) return false;
  if (reference.issuer.empty()) return true;
  const auto parts = read_certificate_parts(certificate);
  return parts && parts->issuer == reference.issuer && parts->serial == reference.serial;
}

}  // namespace crypto::cms
