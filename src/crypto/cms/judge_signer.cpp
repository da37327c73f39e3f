#include "crypto/cms/judge_signer.hpp"

#include <algorithm>
#include <array>

#include "crypto/cms/certificate_parts.hpp"

namespace crypto::cms {
namespace {

// Of these a signer has at most one, with one value (RFC 5652 §11, RFC 5035 §3, EN 319 122-1 table 1).
constexpr std::array single_attributes{content_type,     message_digest,      signing_time,
                                       content_hints,    signing_certificate, signing_certificate_v2,
                                       signature_policy, signer_attributes,   signer_attributes_v2,
                                       mime_type,        algorithm_protection};

class Judge {
 public:
  Judge(const SignerInfo& signer, const SignedContent& content, const std::vector<base::BytesView>& certificates)
      : signer_(signer), content_(content), certificates_(certificates) {}

  SignerFacts judge() {
    const bool is_well_formed = read_algorithms() && read_signed() && read_unsigned();
    find_certificate();
    if (is_well_formed) judge_values();
    return std::move(facts_);
  }

 private:
  bool refuse(std::string_view flaw, std::string detail = {}) {
    if (facts_.flaw.empty()) {
      facts_.flaw = flaw;
      facts_.detail = std::move(detail);
    }
    return false;
  }

  void breach(std::string_view code, std::string detail) {
    if (!facts_.breach.empty()) return;
    facts_.breach = code;
    facts_.breach_detail = std::move(detail);
  }

  bool read_algorithms() {
    const std::int64_t wanted = signer_.key_id.empty() ? 1 : 3;
    if (signer_.version != wanted) breach("cms_version", std::to_string(signer_.version));
    auto digest = read_digest_identifier(signer_.digest_algorithm);
    if (!digest) return refuse("cms_bad_parameters", digest.error().reason);
    facts_.digest_kind = digest->kind;
    facts_.digest_name = std::move(digest->name);
    auto identifier = read_signature_identifier(signer_.signature_algorithm, facts_.digest_kind);
    if (!identifier) return refuse("cms_bad_parameters", identifier.error().reason);
    facts_.identifier = std::move(*identifier);
    const auto& algorithm = facts_.identifier.algorithm;
    if (algorithm && facts_.identifier.has_digest && algorithm->digest != facts_.digest_kind) {
      breach("cms_digest_mismatch", facts_.digest_name + ", " + facts_.identifier.name);
      other_digest_ = facts_.digest_kind;
    }
    return true;
  }

  bool read_signed() {
    if (!signer_.has_signed_attributes) {
      // §5.3: "signedAttrs … MUST be present if the content type … is not id-data."
      if (content_.type && *content_.type != id_data.content()) return refuse("cms_missing_content_type");
      return !content_.looks_like_attributes || refuse("cms_malformed", "attributes passed off as content");
    }
    // §5.3: "SignedAttributes MUST be DER encoded, even if the rest of the structure is BER encoded."
    if (!signer_.are_signed_attributes_definite) return refuse("cms_indefinite_attributes");
    auto attributes = read_attributes(signer_.signed_attributes, der::Rules::der);
    if (!attributes) return refuse("cms_malformed", attributes.error().reason);
    facts_.signed_attributes = std::move(*attributes);
    return count_attributes() && judge_content_type() && read_digest_and_time() && read_reference() &&
           judge_protection();
  }

  bool count_attributes() {
    for (const der::Oid& oid : single_attributes) {
      const std::size_t number = count(facts_.signed_attributes, oid);
      if (number > 1) return refuse("cms_duplicate_attribute", der::oid_text(oid.content()));
      if (number == 1 && find(facts_.signed_attributes, oid)->values.size() != 1) {
        return refuse("cms_several_values", der::oid_text(oid.content()));
      }
    }
    return true;
  }

  bool judge_content_type() {
    const Attribute* const type = find(facts_.signed_attributes, content_type);
    if (!content_.type) return type == nullptr || refuse("cms_wrong_content_type", "in a counter-signature");
    if (type == nullptr) return refuse("cms_missing_content_type");
    const der::Element& value = type->values.front();
    if (value.tag != der::object_identifier || value.content != *content_.type) {
      return refuse("cms_wrong_content_type", der::oid_text(value.content));
    }
    return true;
  }

  bool read_digest_and_time() {
    const Attribute* const digest = find(facts_.signed_attributes, message_digest);
    if (digest == nullptr) return refuse("cms_missing_message_digest");
    if (digest->values.front().tag != der::octet_string) return refuse("cms_malformed", "message-digest");
    digest_ = digest->values.front().content;
    const Attribute* const time = find(facts_.signed_attributes, signing_time);
    if (time == nullptr) return true;
    const auto read = der::read_time(time->values.front());
    if (read) {
      facts_.signing_time = *read;
      return true;
    }
    // RFC 5652 §11.3 demands UTC with seconds. Another form says when it was as well, and is signed as it stands.
    breach("cms_signing_time", read.error().reason);
    if (const auto loose = der::read_loose_time(time->values.front())) facts_.signing_time = *loose;
    return true;
  }

  bool read_reference() {
    for (const bool is_v2 : {true, false}) {
      const Attribute* const attribute =
          find(facts_.signed_attributes, is_v2 ? signing_certificate_v2 : signing_certificate);
      if (attribute == nullptr) continue;
      auto reference = read_certificate_reference(attribute->values.front(), is_v2);
      if (!reference) return refuse("cms_malformed", "signing-certificate: " + reference.error().reason);
      // Whoever has both must name the same certificate by both; the newer one decides what is reported.
      references_.push_back(std::move(*reference));
      if (facts_.has_reference) continue;
      facts_.has_reference = true;
      facts_.is_reference_v2 = is_v2;
      facts_.reference_digest = references_.front().digest_kind;
      facts_.reference_digest_name = references_.front().digest_name;
    }
    return true;
  }

  // RFC 6211 §3: the algorithms that were signed are those outside.
  bool judge_protection() {
    const Attribute* const attribute = find(facts_.signed_attributes, algorithm_protection);
    if (attribute == nullptr) return true;
    der::Reader reader(attribute->values.front().content);
    const auto digest = reader.take(der::sequence);
    const auto signature = reader.take(der::context(1));
    if (!digest || !signature || !reader.is_at_end()) return refuse("cms_malformed", "algorithm protection");
    const auto kind = read_digest_identifier(digest->whole);
    const auto outside = der::read_one(signer_.signature_algorithm);
    const bool is_same = outside && (outside->content == signature->content || says_the_same(signature->content));
    if (!kind || kind->name != facts_.digest_name || !is_same) {
      return refuse("cms_digest_mismatch", "algorithm protection");
    }
    return true;
  }

  // Some programs write a default value among the parameters of PSS outside, and leave it out in the attribute.
  [[nodiscard]] bool says_the_same(base::BytesView identifier) const {
    const base::Bytes whole = der::make(der::sequence, identifier);
    const auto read = read_signature_identifier(whole, facts_.digest_kind);
    return read && read->algorithm && read->algorithm == facts_.identifier.algorithm &&
           read->has_digest == facts_.identifier.has_digest && read->salt == facts_.identifier.salt;
  }

  bool read_unsigned() {
    auto attributes = read_attributes(signer_.unsigned_attributes, der::Rules::ber);
    if (!attributes) return refuse("cms_malformed", attributes.error().reason);
    facts_.unsigned_attributes = std::move(*attributes);
    // RFC 5652 §11: "MUST be a signed attribute … MUST NOT be an unsigned attribute"; there anybody may have put it.
    for (const der::Oid& oid : single_attributes) {
      if (count(facts_.unsigned_attributes, oid) > 0) {
        return refuse("cms_malformed", "not signed: " + der::oid_text(oid.content()));
      }
    }
    return true;
  }

  [[nodiscard]] bool is_referenced(base::BytesView certificate) const {
    return !references_.empty() && std::all_of(references_.begin(), references_.end(), [&](const auto& reference) {
      return is_reference_to(reference, certificate);
    });
  }

  [[nodiscard]] bool is_named(base::BytesView certificate) const {
    const auto parts = read_certificate_parts(certificate);
    if (!parts) return false;
    if (!signer_.key_id.empty()) return parts->key_id == signer_.key_id;
    return parts->issuer == signer_.issuer && parts->serial == signer_.serial;
  }

  // Two certificates can have the same issuer and serial number, when somebody made one of them for that; the
  // reference tells them apart.
  void find_certificate() {
    for (const base::BytesView certificate : certificates_) {
      if (!is_named(certificate)) continue;
      const bool is_wanted = is_referenced(certificate);
      if (facts_.certificate.empty() || (is_wanted && !facts_.matches_reference)) {
        facts_.certificate = certificate;
        facts_.matches_reference = is_wanted;
      }
    }
  }

  void judge_values() {
    if (!facts_.digest_kind) return;
    const auto of_content = content_.digest(*facts_.digest_kind);
    facts_.is_content_found = of_content.has_value();
    if (!signer_.has_signed_attributes) {
      // The value is over the content itself: both are right, or none is known to be.
      facts_.is_value_right = of_content && verify(*of_content);
      facts_.is_content_right = facts_.is_value_right;
      return;
    }
    facts_.is_content_right = of_content && *of_content == digest_;
    facts_.is_value_right = verify_attributes(facts_.identifier);
    if (facts_.is_value_right || !other_digest_) return;
    // Some programs hash the attributes like the content, whatever the signature's algorithm says.
    SignatureIdentifier as_content = facts_.identifier;
    as_content.algorithm->digest = *other_digest_;
    facts_.is_value_right = verify_attributes(as_content);
  }

  [[nodiscard]] bool verify_attributes(const SignatureIdentifier& identifier) const {
    if (!identifier.algorithm) return false;
    const auto parts = read_certificate_parts(facts_.certificate);
    const base::Bytes hashed = digest(identifier.algorithm->digest, octets_to_sign(signer_.signed_attributes));
    return parts && verify_digest(parts->spki, identifier, hashed, signer_.signature);
  }

  [[nodiscard]] bool verify(base::BytesView digest_of_signed) const {
    const auto parts = read_certificate_parts(facts_.certificate);
    return parts && verify_digest(parts->spki, facts_.identifier, digest_of_signed, signer_.signature);
  }

  const SignerInfo& signer_;
  const SignedContent& content_;
  const std::vector<base::BytesView>& certificates_;
  SignerFacts facts_;
  base::BytesView digest_;
  std::vector<CertificateReference> references_;
  std::optional<DigestKind> other_digest_;  // of the content, if that of the signature differs
};

}  // namespace

SignerFacts judge_signer(const SignerInfo& signer, const SignedContent& content,
                         const std::vector<base::BytesView>& certificates) {
  return Judge(signer, content, certificates).judge();
}

bool are_signed_attributes(base::BytesView octets) {
  if (octets.empty() || static_cast<std::uint8_t>(octets.front()) != der::set) return false;
  const auto whole = der::read_one(octets, der::Rules::ber);
  if (!whole) return false;
  const auto attributes = read_attributes(whole->content, der::Rules::ber);
  return attributes && find(*attributes, message_digest) != nullptr;
}

}  // namespace crypto::cms
