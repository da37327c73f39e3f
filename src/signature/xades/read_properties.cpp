#include "signature/xades/read_properties.hpp"

#include <algorithm>

#include "crypto/signing/foreign_value.hpp"
#include "signature/xades/issuer_serial.hpp"
#include "signature/xades/key_value.hpp"
#include "signature/xades/names.hpp"
#include "xml/transforms.hpp"

namespace signature {
namespace {

constexpr std::size_t largest_embedded = std::size_t{8} * 1024 * 1024;

std::string trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n";
  const std::size_t start = text.find_first_not_of(white);
  if (start == std::string_view::npos) return "";
  return std::string(text.substr(start, text.find_last_not_of(white) - start + 1));
}

// xs:dateTime with a fraction and a zone; without a zone it is read as UTC.
std::optional<base::Time> find_time(std::string_view text) {
  if (text.size() < 19) return std::nullopt;
  std::string_view zone = text.substr(19);
  if (zone.starts_with('.')) zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  const auto time = base::parse_rfc3339(std::string(text.substr(0, 19)) + "Z");
  if (!time) return std::nullopt;
  if (zone.empty() || zone == "Z") return *time;
  const auto digit = [&](std::size_t i) { return zone[i] >= '0' && zone[i] <= '9' ? zone[i] - '0' : 1000; };
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const int hours = 10 * digit(1) + digit(2);
  const int minutes = 10 * digit(4) + digit(5);
  if (hours > 14 || minutes > 59) return std::nullopt;
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return zone[0] == '+' ? *time - offset : *time + offset;
}

// The plain text of the only child of that name, trimmed.
std::optional<std::string> find_value(const xml::Element& parent, std::string_view uri, std::string_view name) {
  const auto child = parent.find_only(uri, name);
  auto text = child ? child->find_text() : std::nullopt;
  if (!text) return std::nullopt;
  return trimmed(*text);
}

struct Digested {
  std::optional<crypto::DigestKind> kind;
  base::Bytes digest;
};
// Of an element with ds:DigestMethod and ds:DigestValue; in XAdES 1.1.1 these are in its own namespace.
std::optional<Digested> find_digest(const std::optional<xml::Element>& parent) {
  if (!parent) return std::nullopt;
  for (const std::string_view uri : {signature_namespace, parent->namespace_uri()}) {
    const auto method = parent->find_only(uri, "DigestMethod");
    const auto value = find_value(*parent, uri, "DigestValue");
    auto digest = value ? xml::read_base64(*value) : std::nullopt;
    if (method && digest)
      return Digested{find_digest_kind(method->find_attribute("Algorithm").value_or("")), std::move(*digest)};
  }
  return std::nullopt;
}

void collect(const xml::Element& element, std::vector<base::Bytes>& into) {
  const auto text = element.find_text();
  if (!text || into.size() >= most_embedded || text->size() > largest_embedded) return;
  auto octets = xml::read_base64(*text);
  if (octets && std::find(into.begin(), into.end(), *octets) == into.end()) into.push_back(std::move(*octets));
}

void read_policy(const xml::Element& identifier, const std::string& version, SignatureView& view) {
  const auto id = identifier.find_only(version, "SignaturePolicyId");
  if (!id) return;  // SignaturePolicyImplied
  const auto policy = id->find_only(version, "SigPolicyId");
  view.policy = policy ? without_oid_scheme(find_value(*policy, version, "Identifier").value_or("")) : "";
  if (view.policy.empty()) flaw(view, "xades_structure", "SignaturePolicyIdentifier");
  if (auto digested = find_digest(id->find_only(version, "SigPolicyHash"))) view.policy_digest = digested->digest;
}

void read_role(const xml::Element& role, const std::string& version, SignatureView& view) {
  const auto claimed = role.find_only(version, "ClaimedRoles");
  if (!claimed) return;
  for (const xml::Element& one : claimed->find_all(version, "ClaimedRole")) {
    const auto text = one.find_canonical_text();
    if (text && !trimmed(*text).empty()) view.role += (view.role.empty() ? "" : ", ") + trimmed(*text);
  }
}

void read_of_signature(const xml::Element& properties, const std::string& version, SignatureView& view) {
  for (const xml::Element& property : properties.children()) {
    const std::string_view name = property.local_name();
    const bool is_own = property.namespace_uri() == version;
    if (is_own && name == "SigningTime") {
      const auto text = property.find_text();
      if (!text) flaw(view, "xml_mixed_value", "SigningTime");
      if (text) view.claimed_at = find_time(trimmed(*text));
      if (text && !view.claimed_at) flaw(view, "xades_structure", "SigningTime");
    } else if (is_own && name == "SignaturePolicyIdentifier") {
      read_policy(property, version, view);
    } else if (is_own && (name == "SignerRole" || name == "SignerRoleV2")) {
      read_role(property, version, view);
    } else if (!is_own || (name != "SigningCertificate" && name != "SigningCertificateV2" &&
                           name != "SignatureProductionPlace" && name != "SignatureProductionPlaceV2")) {
      view.unknown_critical = property.name();
    }
  }
}

void read_of_objects(const xml::Element& properties, const std::string& version, SignatureView& view) {
  for (const xml::Element& property : properties.children()) {
    const std::string_view name = property.local_name();
    const bool is_own = property.namespace_uri() == version;
    if (is_own && name == "CommitmentTypeIndication") {
      const auto id = property.find_only(version, "CommitmentTypeId");
      const auto value = id ? find_value(*id, version, "Identifier") : std::nullopt;
      if (value) view.commitment = oid_of_commitment(*value);
      if (!value) flaw(view, "xades_structure", "CommitmentTypeIndication");
    } else if (!is_own || (name != "DataObjectFormat" && name != "AllDataObjectsTimeStamp" &&
                           name != "IndividualDataObjectsTimeStamp")) {
      view.unknown_critical = property.name();
    }
  }
}

void read_level(const SignatureParts& parts, SignatureView& view) {
  bool has_timestamp = false;
  bool has_values = false;
  bool has_archive = false;
  for (const xml::Element& property : list_unsigned(parts)) {
    const std::string_view name = property.local_name();
    has_timestamp |= name == "SignatureTimeStamp";
    has_values |= name == "CertificateValues" || name == "RevocationValues";
    has_archive |= name == "ArchiveTimeStamp";
  }
  if (has_archive) {
    view.level = Level::lta;
  } else if (has_timestamp) {
    view.level = has_values ? Level::lt : Level::t;
  }
}

// One reference to a certificate: xades:Cert.
bool names(const xml::Element& reference, const std::string& version, base::BytesView certificate,
           const crypto::cms::CertificateParts& parts) {
  const auto digested = find_digest(reference.find_only(version, "CertDigest"));
  if (!digested || !digested->kind || crypto::digest(*digested->kind, certificate) != digested->digest) return false;
  if (const auto issuer = reference.find_only(version, "IssuerSerialV2")) {
    const auto text = issuer->find_text();
    const auto octets = text ? xml::read_base64(*text) : std::nullopt;
    return octets && is_issuer_serial_of(*octets, parts);
  }
  if (const auto issuer = reference.find_only(version, "IssuerSerial")) {
    const auto name = find_value(*issuer, signature_namespace, "X509IssuerName");
    const auto serial = find_value(*issuer, signature_namespace, "X509SerialNumber");
    return name && serial && is_serial(*serial, parts.serial) && is_name(*name, parts.issuer);
  }
  return true;
}

// SigningCertificate and SigningCertificateV2; the first entry of each is the signer's (EN 319 132-1 §5.2.2).
std::vector<xml::Element> list_references(const SignatureParts& parts, SignatureView& view) {
  std::vector<xml::Element> references;
  if (!parts.signed_properties) return references;
  const std::string version(parts.qualifying->namespace_uri());
  const auto properties = parts.signed_properties->find_only(version, "SignedSignatureProperties");
  if (!properties) return references;
  for (const char* name : {"SigningCertificateV2", "SigningCertificate"})
    for (const xml::Element& list : properties->find_all(version, name)) {
      const std::vector<xml::Element> certificates = list.find_all(version, "Cert");
      if (certificates.empty()) {
        flaw(view, "xades_structure", name);
        continue;
      }
      references.push_back(certificates.front());
      const auto digested = find_digest(certificates.front().find_only(version, "CertDigest"));
      if (digested && digested->kind && references.size() == 1) view.reference_digest = *digested->kind;
    }
  return references;
}

// What is compared with the keys.
struct Signed {
  base::BytesView octets;
  base::BytesView value;
};
// By the key; "not checked" if it cannot be by this one.
void verify(base::BytesView spki, const Signed& what, SignatureView& view) {
  if (!view.algorithm) return;
  const auto is_right = crypto::verify_foreign_value(spki, *view.algorithm, what.octets, what.value);
  view.is_value_checked = view.is_value_checked || is_right.has_value();
  view.is_value_right = view.is_value_right || is_right.value_or(false);
}
// By a certificate's key. A key of another sort than the algorithm made no such value.
void verify_by(base::BytesView certificate, const Signed& what, SignatureView& view) {
  const auto parts = crypto::cms::read_certificate_parts(certificate);
  if (!parts) return;
  verify(parts->spki, what, view);
  view.is_value_checked = view.algorithm.has_value();
}

// Those of ds:X509Data, in order.
std::vector<base::Bytes> list_key_info(const SignatureParts& parts) {
  std::vector<base::Bytes> certificates;
  for (const xml::Element& info : parts.key_info)
    for (const xml::Element& data : info.find_all(signature_namespace, "X509Data"))
      for (const xml::Element& certificate : data.find_all(signature_namespace, "X509Certificate"))
        collect(certificate, certificates);
  return certificates;
}

}  // namespace

namespace {

// The id that a reference to a part of some document names; programs leave the "#" out, or write the document's name
// before it.
std::string_view fragment_of(std::string_view uri) {
  const std::size_t hash = uri.find('#');
  return hash == std::string_view::npos ? uri : uri.substr(hash + 1);
}

// Whether the properties name their signature as TS 101 903 §7.1 demands.
bool is_target(const SignatureParts& parts, const SignatureView& view) {
  return !view.id.empty() && parts.qualifying->find_attribute("Target") == "#" + view.id;
}

}  // namespace

std::vector<xml::Element> list_unsigned(const SignatureParts& parts) {
  if (!parts.qualifying) return {};
  const std::string version(parts.qualifying->namespace_uri());
  const auto properties = parts.qualifying->find_only(version, "UnsignedProperties");
  const auto of_signature = properties ? properties->find_only(version, "UnsignedSignatureProperties") : std::nullopt;
  return of_signature ? of_signature->children() : std::vector<xml::Element>();
}

void find_properties(const Reading& reading, SignatureParts& parts, SignatureView& view) {
  std::vector<xml::Element> own;
  for (const xml::Element& object : parts.objects)
    for (const xml::Element& child : object.children()) {
      if (!is_xades_namespace(child.namespace_uri())) continue;
      if (child.local_name() == "QualifyingProperties") own.push_back(child);
      if (child.local_name() == "QualifyingPropertiesReference") flaw(view, "xades_properties_by_reference");
    }
  // Properties that say they belong to this signature, and stand elsewhere, are a sign of wrapping.
  for (const xml::Element& properties : reading.properties) {
    const bool is_own = std::find(own.begin(), own.end(), properties) != own.end();
    if (!is_own && !view.id.empty() && fragment_of(properties.find_attribute("Target").value_or("")) == view.id)
      flaw(view, "xades_properties_elsewhere", properties.path());
  }
  if (own.empty()) return;
  if (own.size() > 1) {
    flaw(view, "xades_structure", "QualifyingProperties");
    return;
  }
  view.format = "XAdES";
  parts.qualifying = own.front();
  // They stand in this signature, and it signs them; Target says so once more. One that leads elsewhere is a sign of
  // wrapping, one that leads nowhere is none.
  const std::string named = parts.qualifying->find_attribute("Target").value_or("");
  const std::string_view fragment = fragment_of(named);
  if (fragment != view.id && !fragment.empty() && reading.document->find_by_id(fragment).count > 0)
    flaw(view, "xades_target", named);
  parts.signed_properties = parts.qualifying->find_only(parts.qualifying->namespace_uri(), "SignedProperties");
  if (!parts.signed_properties) flaw(view, "xades_structure", "SignedProperties");
  const std::size_t groups = parts.qualifying->children().size();
  const auto others = parts.qualifying->find_only(parts.qualifying->namespace_uri(), "UnsignedProperties");
  if (groups > (others ? 2U : 1U)) flaw(view, "xades_structure", "QualifyingProperties");
  // Of two nobody reads the second, with the counter-signatures in it.
  if (others && others->find_all(others->namespace_uri(), "UnsignedSignatureProperties").size() > 1)
    flaw(view, "xades_structure", "UnsignedSignatureProperties");
}

void read_signed_properties(const SignatureParts& parts, SignatureView& view) {
  if (!parts.signed_properties) return;
  const std::string version(parts.qualifying->namespace_uri());
  for (const xml::Element& group : parts.signed_properties->children()) {
    if (group.is(version, "SignedSignatureProperties")) {
      read_of_signature(group, version, view);
    } else if (group.is(version, "SignedDataObjectProperties")) {
      read_of_objects(group, version, view);
    } else {
      flaw(view, "xades_structure", group.name());
    }
  }
  read_level(parts, view);
}

void read_embedded(const SignatureParts& parts, SignatureView& view) {
  view.certificates = list_key_info(parts);
  for (const xml::Element& info : parts.key_info)
    for (const xml::Element& data : info.find_all(signature_namespace, "X509Data"))
      for (const xml::Element& list : data.find_all(signature_namespace, "X509CRL")) collect(list, view.lists);
  for (const xml::Element& property : list_unsigned(parts)) {
    const std::string_view name = property.local_name();
    if (name != "CertificateValues" && name != "RevocationValues" && name != "TimeStampValidationData" &&
        name != "AttrAuthoritiesCertValues" && name != "AttributeRevocationValues")
      continue;
    const std::string version(parts.qualifying->namespace_uri());
    for (const xml::Element& one : property.find_below(version, "EncapsulatedX509Certificate"))
      collect(one, view.certificates);
    for (const xml::Element& one : property.find_below(version, "EncapsulatedCRLValue")) collect(one, view.lists);
    for (const xml::Element& one : property.find_below(version, "EncapsulatedOCSPValue"))
      collect(one, view.ocsp_answers);
  }
}

namespace {

// Without a certificate that was named: whether one of the keys that the signature brings has made the value. That is
// no answer to who signed.
void judge_by_any_key(const SignatureParts& parts, const std::vector<base::Bytes>& certificates, const Signed& what,
                      SignatureView& view) {
  for (const base::Bytes& certificate : certificates) {
    verify_by(certificate, what, view);
    if (view.is_value_right) {
      view.certificate = certificate;
      return;
    }
  }
  if (!certificates.empty()) view.certificate = certificates.front();
  // The value of another key must not count for a certificate that stands beside it.
  if (!certificates.empty() && !view.has_certificate_reference) return;
  for (const xml::Element& info : parts.key_info)
    if (const auto key = find_key_value(info)) verify(*key, what, view);
}

}  // namespace

void judge_value(const SignatureParts& parts, base::BytesView signed_octets, base::BytesView value,
                 SignatureView& view) {
  const Signed what{signed_octets, value};
  const std::vector<xml::Element> references = list_references(parts, view);
  view.has_certificate_reference = !references.empty();
  // Plain XML-DSig: nothing that is signed says which of them it is.
  if (!view.has_certificate_reference) return judge_by_any_key(parts, list_key_info(parts), what, view);
  const std::string version(parts.qualifying->namespace_uri());
  view.is_baseline = version == xades_namespace && view.claimed_at.has_value() && is_target(parts, view);
  for (const base::Bytes& certificate : view.certificates) {
    const auto read = crypto::cms::read_certificate_parts(certificate);
    const bool is_named = read && std::all_of(references.begin(), references.end(), [&](const xml::Element& reference) {
                            return names(reference, version, certificate, *read);
                          });
    if (!is_named) continue;
    view.certificate = certificate;
    view.matches_certificate_reference = true;
    return verify_by(certificate, what, view);
  }
  judge_by_any_key(parts, list_key_info(parts), what, view);
  if (view.certificate.empty() && !view.certificates.empty()) view.certificate = view.certificates.front();
}

}  // namespace signature
