#include "flow/signature/job_form.hpp"

#include <algorithm>

#include "crypto/cms/certificate_parts.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "signature/cades/make_cades.hpp"
#include "signature/xades/xades_writer.hpp"

namespace flow {
namespace {

constexpr std::size_t octets_of_ids = 16;

base::Result<signature::SignatureWish> make_wish(const JobForm& form, const store::SigningItem& item) {
  const store::SigningJob& job = form.job;
  signature::SignatureWish wish;
  ASSIGN_OR_RETURN(wish.packaging, signature::parse_packaging(job.packaging));
  ASSIGN_OR_RETURN(wish.algorithm, crypto::parse_signature_algorithm(job.algorithm));
  wish.certificate = job.certificate;
  wish.chain = split_chain(job.chain);
  wish.signing_time = job.signing_at;
  if (!job.policy.empty()) {
    const auto found = form.settings.policies.find(job.policy);
    if (found == form.settings.policies.end()) {
      return base::fail(base::Code::invalid_input, "policy_unknown: " + job.policy);
    }
    wish.policy = found->second;
  }
  wish.commitment = job.commitment;
  wish.role = job.role;
  wish.media_type = item.media_type;
  wish.element = job.element;
  // Not to be guessed, and the same each time.
  const base::Bytes part = crypto::hmac_sha256(job.key, base::Bytes(job.id.bytes()) + std::to_string(item.position));
  wish.unique_part = base::to_hex(base::BytesView(part).substr(0, octets_of_ids));
  return wish;
}

/// The document, or what is known of it.
struct AtHand {
  AtHand(const JobForm& form, const store::SigningItem& item, base::BytesView octets)
      : whole(item.name, octets), digest(item.name, {{form.algorithm().digest, item.digest}}) {
    is_whole = item.is_kept || !octets.empty();
  }
  [[nodiscard]] const signature::Content& content() const {
    return is_whole ? static_cast<const signature::Content&>(whole) : digest;
  }

  ContentInMemory whole;
  ContentByDigest digest;
  bool is_whole = false;
};

base::Result<base::Bytes> key_of(const JobForm& form) {
  ASSIGN_OR_RETURN(const auto parts, crypto::cms::read_certificate_parts(form.job.certificate));
  return base::Bytes(parts.spki);
}

}  // namespace

bool needs_document(Format format, Packaging packaging, bool has_element) {
  if (format == Format::cades) return packaging == Packaging::enveloping;
  return packaging != Packaging::detached || has_element;
}

Format JobForm::format() const {
  return signature::parse_format(job.format).value_or(Format::cades);
}

crypto::SignatureAlgorithm JobForm::algorithm() const {
  return crypto::parse_signature_algorithm(job.algorithm).value_or(crypto::SignatureAlgorithm());
}

base::Result<signature::Prepared> prepare_item(const JobForm& form, const store::SigningItem& item,
                                               base::BytesView octets) {
  ASSIGN_OR_RETURN(const signature::SignatureWish wish, make_wish(form, item));
  const AtHand at_hand(form, item, octets);
  if (form.format() == Format::cades) return signature::prepare_cades(wish, at_hand.content());
  return signature::prepare_xades(wish, {&at_hand.content()});
}

base::Result<base::Bytes> complete_item(const JobForm& form, const store::SigningItem& item,
                                        const signature::Prepared& prepared, base::BytesView octets) {
  const AtHand at_hand(form, item, octets);
  if (form.format() == Format::cades) {
    return signature::complete_cades(prepared.state, item.value, &at_hand.content());
  }
  base::Bytes value = item.value;
  if (form.algorithm().scheme == crypto::SignatureScheme::ecdsa) {
    ASSIGN_OR_RETURN(const base::Bytes spki, key_of(form));
    ASSIGN_OR_RETURN(value, crypto::convert_value(spki, value, crypto::ValueForm::der, crypto::ValueForm::raw));
  }
  return signature::complete_xades(prepared.state, value);
}

base::Result<base::Bytes> stamped_octets_of(const JobForm& form, const store::SigningItem& item,
                                            base::BytesView signature) {
  if (form.format() == Format::cades) return signature::stamped_octets(signature, 0);
  ASSIGN_OR_RETURN(const signature::SignatureWish wish, make_wish(form, item));
  return signature::stamped_octets_of_xades(signature, signature::xades_id_of(wish));
}

base::Result<base::Bytes> add_stamp(const JobForm& form, const store::SigningItem& item, base::BytesView signature) {
  if (form.format() == Format::cades) return signature::add_signature_timestamp(signature, 0, item.token);
  ASSIGN_OR_RETURN(const signature::SignatureWish wish, make_wish(form, item));
  return signature::add_timestamp_to_xades(signature, signature::xades_id_of(wish), item.token);
}

base::Result<base::Bytes> read_value(const JobForm& form, base::BytesView to_be_signed, base::BytesView value) {
  ASSIGN_OR_RETURN(const base::Bytes spki, key_of(form));
  const crypto::SignatureAlgorithm algorithm = form.algorithm();
  if (crypto::verify_signature(spki, algorithm, to_be_signed, value, crypto::ValueForm::der)) {
    return base::Bytes(value);
  }
  if (algorithm.scheme == crypto::SignatureScheme::ecdsa &&
      crypto::verify_signature(spki, algorithm, to_be_signed, value, crypto::ValueForm::raw)) {
    return crypto::convert_value(spki, value, crypto::ValueForm::raw, crypto::ValueForm::der);
  }
  return base::fail(base::Code::denied, "not a signature of the certificate's key over these octets");
}

std::string reason_of(const base::Error& error) {
  const std::size_t end = error.reason.find(':');
  const std::string code = error.reason.substr(0, end);
  const bool is_code = end != std::string::npos && !code.empty() && code.size() <= 64 &&
                       std::all_of(code.begin(), code.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'); });
  return is_code ? code : "cannot_be_signed";
}

std::string result_name(const JobForm& form, const store::SigningItem& item) {
  if (form.format() == Format::cades) return item.name + (form.job.packaging == "enveloping" ? ".p7m" : ".p7s");
  if (form.job.packaging != "enveloped") return item.name + ".xades.xml";
  const std::size_t end = item.name.rfind('.');
  return item.name.substr(0, end == 0 ? std::string::npos : end) + "-signed.xml";
}

std::string_view result_type(const JobForm& form) {
  if (form.format() == Format::xades) return "application/xml";
  return form.job.packaging == "enveloping" ? "application/pkcs7-mime" : "application/pkcs7-signature";
}

}  // namespace flow
