#include "signature/xades/signed_text.hpp"

#include "signature/xades/names.hpp"
#include "xml/write_text.hpp"

namespace signature {
namespace {

std::string declare(std::string_view prefix, std::string_view uri) {
  return " xmlns:" + std::string(prefix) + "=\"" + std::string(uri) + "\"";
}
std::string algorithm(std::string_view uri) {
  return " Algorithm=\"" + std::string(uri) + "\"";
}

// ds:DigestMethod and ds:DigestValue.
std::string write_digest(crypto::DigestKind kind, base::BytesView digest, std::string_view declared) {
  const std::string ns(declared);
  return "<ds:DigestMethod" + ns + algorithm(uri_of(kind)) + "></ds:DigestMethod><ds:DigestValue" + ns + ">" +
         base::to_base64(digest) + "</ds:DigestValue>";
}

std::string write_identifier(const std::string& oid_or_uri) {
  if (is_oid(oid_or_uri))
    return "<xades:Identifier Qualifier=\"OIDAsURN\">urn:oid:" + oid_or_uri + "</xades:Identifier>";
  return "<xades:Identifier>" + xml::escape_text(oid_or_uri) + "</xades:Identifier>";
}

std::string write_policy(const PolicyReference& policy, std::string_view declared) {
  std::string out = "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>" +
                    write_identifier(policy.oid_or_uri) + "</xades:SigPolicyId><xades:SigPolicyHash>" +
                    write_digest(policy.digest_kind, policy.digest, declared) + "</xades:SigPolicyHash>";
  if (!policy.url.empty())
    out += "<xades:SigPolicyQualifiers><xades:SigPolicyQualifier><xades:SPURI>" + xml::escape_text(policy.url) +
           "</xades:SPURI></xades:SigPolicyQualifier></xades:SigPolicyQualifiers>";
  return out + "</xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>";
}

std::string write_commitment(const std::string& commitment) {
  const std::string uri = uri_of_commitment(commitment);
  return "<xades:CommitmentTypeIndication><xades:CommitmentTypeId>" + write_identifier(without_oid_scheme(uri)) +
         "</xades:CommitmentTypeId><xades:AllSignedDataObjects></xades:AllSignedDataObjects></"
         "xades:CommitmentTypeIndication>";
}

// EN 319 132-1 §5.2.1: whole seconds, UTC.
std::string write_time(base::Time time) {
  return base::to_rfc3339(time).substr(0, 19) + "Z";
}

bool is_unique_part(std::string_view text) {
  if (text.size() < 16 || text.size() > 100) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
      return false;
  return true;
}

}  // namespace

Ids::Ids(const std::string& unique_part)
    : signature("xades-" + unique_part),
      value(signature + "-value"),
      properties(signature + "-properties"),
      object(signature + "-object") {}

std::string Ids::reference(std::size_t number) const {
  return signature + "-reference-" + std::to_string(number);
}

std::string write_properties(const SignatureWish& wish, const crypto::cms::CertificateParts& parts, const Ids& ids,
                             const std::vector<WrittenReference>& references, bool is_alone) {
  const std::string ds = is_alone ? declare("ds", signature_namespace) : "";
  std::string out = "<xades:SignedProperties" + (is_alone ? declare("xades", xades_namespace) : "") + " Id=\"" +
                    ids.properties + "\"><xades:SignedSignatureProperties><xades:SigningTime>" +
                    write_time(wish.signing_time) +
                    "</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>" +
                    write_digest(wish.algorithm.digest, crypto::digest(wish.algorithm.digest, wish.certificate), ds) +
                    "</xades:CertDigest><xades:IssuerSerialV2>" + base::to_base64(make_issuer_serial(parts)) +
                    "</xades:IssuerSerialV2></xades:Cert></xades:SigningCertificateV2>";
  if (wish.policy) out += write_policy(*wish.policy, ds);
  if (!wish.role.empty())
    out += "<xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>" + xml::escape_text(wish.role) +
           "</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRoleV2>";
  out += "</xades:SignedSignatureProperties>";
  std::string objects;
  for (std::size_t i = 0; i < references.size(); ++i)
    if (!references[i].media_type.empty())
      objects += "<xades:DataObjectFormat ObjectReference=\"#" + ids.reference(i) + "\"><xades:MimeType>" +
                 xml::escape_text(references[i].media_type) + "</xades:MimeType></xades:DataObjectFormat>";
  if (!wish.commitment.empty()) objects += write_commitment(wish.commitment);
  if (!objects.empty()) out += "<xades:SignedDataObjectProperties>" + objects + "</xades:SignedDataObjectProperties>";
  return out + "</xades:SignedProperties>";
}

std::string write_signed_info(const SignatureWish& wish, const Ids& ids,
                              const std::vector<WrittenReference>& references, bool is_alone) {
  std::string out = "<ds:SignedInfo" + (is_alone ? declare("ds", signature_namespace) : "") +
                    "><ds:CanonicalizationMethod" + algorithm(exclusive_uri) +
                    "></ds:CanonicalizationMethod><ds:SignatureMethod" + algorithm(uri_of(wish.algorithm)) +
                    "></ds:SignatureMethod>";
  for (std::size_t i = 0; i < references.size(); ++i) {
    const WrittenReference& reference = references[i];
    out += "<ds:Reference Id=\"" + ids.reference(i) + "\"";
    if (!reference.type.empty()) out += " Type=\"" + reference.type + "\"";
    out += " URI=\"" + xml::escape_value(reference.uri) + "\">";
    if (!reference.transforms.empty()) {
      out += "<ds:Transforms>";
      for (const std::string& uri : reference.transforms) {
        out += "<ds:Transform" + algorithm(uri) + ">";
        if (uri == xpath_uri) out += "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>";
        out += "</ds:Transform>";
      }
      out += "</ds:Transforms>";
    }
    out += write_digest(wish.algorithm.digest, reference.digest, "") + "</ds:Reference>";
  }
  return out + "</ds:SignedInfo>";
}

std::string find_flaw(const SignatureWish& wish) {
  if (!is_unique_part(wish.unique_part)) return "xades_unique_part";
  if (wish.level != Level::b && wish.level != Level::t) return "xades_level";
  for (const std::string* text : {&wish.commitment, &wish.role, &wish.media_type})
    if (!xml::is_text(*text)) return "xades_text";
  if (!wish.policy) return "";
  if (wish.policy->oid_or_uri.empty() || !xml::is_text(wish.policy->oid_or_uri) || !xml::is_text(wish.policy->url))
    return "xades_text";
  return wish.policy->digest.size() == crypto::size_of(wish.policy->digest_kind) ? "" : "xades_policy";
}

}  // namespace signature
