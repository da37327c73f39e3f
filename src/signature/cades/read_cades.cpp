#include "signature/cades/read_cades.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "crypto/cms/certificate_parts.hpp"
#include "crypto/cms/judge_signer.hpp"
#include "crypto/cms/material.hpp"
#include "signature/cades/archive_imprint.hpp"
#include "signature/cades/signed_attributes.hpp"

namespace signature {
namespace {

namespace cms = crypto::cms;
namespace der = crypto::der;

constexpr std::size_t most_counter_signatures = 64;
constexpr std::size_t most_timestamps = 64;
// Each view has the certificates and lists of the message; a small message must not become a large answer.
constexpr std::size_t most_copied = std::size_t{64} * 1024 * 1024;

// The message, which the views of all signers and the functions that compute imprints share.
struct Message {
  base::Bytes octets;
  cms::SignedData data;
  cms::Material material;
  std::string breach;  // of the message as a whole
  std::string breach_detail;
};

void add_digest(std::vector<std::string>& digests, const std::string& name) {
  if (!name.empty() && std::find(digests.begin(), digests.end(), name) == digests.end()) digests.push_back(name);
}

class Reader {
 public:
  Reader(std::shared_ptr<const Message> message, const Content* detached, const std::vector<base::Bytes>& others)
      : message_(std::move(message)), detached_(detached) {
    for (const base::Bytes& one : message_->material.certificates) candidates_.emplace_back(one);
    for (const base::Bytes& one : others) candidates_.emplace_back(one);
  }

  SignatureView read(std::size_t number) {
    const base::BytesView whole = message_->data.signers[number];
    const cms::SignedContent content{message_->data.content_type,
                                     [this](crypto::DigestKind kind) { return digest_content(kind); },
                                     message_->data.has_content && cms::are_signed_attributes(message_->data.content)};
    SignatureView view = read_one(whole, content, "signer-" + std::to_string(number + 1), 0);
    judge_content(view);
    return view;
  }

 private:
  [[nodiscard]] base::Result<base::Bytes> digest_content(crypto::DigestKind kind) const {
    if (message_->data.has_content) return crypto::digest(kind, message_->data.content);
    if (detached_ == nullptr) return base::fail(base::Code::not_found, "no content");
    return detached_->digest(kind);
  }

  SignatureView read_one(base::BytesView whole, const cms::SignedContent& content, std::string id, std::size_t depth) {
    SignatureView view;
    view.id = std::move(id);
    view.format = "CMS";
    view.packaging = message_->data.has_content ? "enveloping" : "detached";
    copied_ += message_->octets.size();
    if (copied_ > most_copied) {
      refuse(view, "cms_too_many", "signers with many certificates and lists");
      return view;
    }
    view.certificates = message_->material.certificates;
    view.lists = message_->material.lists;
    view.ocsp_answers = message_->material.ocsp_answers;
    const auto signer = cms::read_signer(whole);
    if (!signer) {
      refuse(view, "cms_malformed", signer.error().reason);
      return view;
    }
    const cms::SignerFacts facts = cms::judge_signer(*signer, content, candidates_);
    if (!facts.flaw.empty()) refuse(view, facts.flaw, facts.detail);
    view.breach = facts.breach;
    view.breach_detail = facts.breach_detail;
    if (view.breach.empty() && depth == 0) {
      view.breach = message_->breach;
      view.breach_detail = message_->breach_detail;
    }
    take_facts(facts, view);
    take_properties(facts, view);
    take_material(facts, view);
    take_timestamps(whole, facts, view, depth);
    take_level(facts, view, depth);
    take_counter_signatures(*signer, facts, view, depth);
    return view;
  }

  static void refuse(SignatureView& view, std::string_view flaw, std::string detail) {
    if (!view.format_flaw.empty()) return;
    view.format_flaw = flaw;
    view.format_detail = std::move(detail);
  }

  // Of a signature without attributes the value is over the content, which may be missing.
  static bool has_attributes(const cms::SignerFacts& facts) { return !facts.signed_attributes.empty(); }

  static void take_facts(const cms::SignerFacts& facts, SignatureView& view) {
    if (facts.has_reference) view.format = "CAdES";
    view.certificate = facts.certificate;
    view.has_certificate_reference = facts.has_reference;
    view.matches_certificate_reference = facts.matches_reference;
    view.reference_digest = facts.reference_digest.value_or(crypto::DigestKind::sha256);
    view.unknown_digest = facts.flaw.empty() && !facts.digest_kind ? facts.digest_name : std::string();
    view.is_data_found = facts.is_content_found || !view.unknown_digest.empty();
    view.are_digests_right = facts.is_content_right;
    view.is_value_checked = facts.flaw.empty() && facts.digest_kind && facts.identifier.algorithm &&
                            !facts.certificate.empty() && (facts.is_content_found || has_attributes(facts));
    view.is_value_right = facts.is_value_right;
    view.algorithm = facts.identifier.algorithm;
    view.algorithm_name = facts.identifier.name;
    view.claimed_at = facts.signing_time;
    add_digest(view.digests, facts.digest_name);
    add_digest(view.digests, facts.reference_digest_name);
  }

  static void take_properties(const cms::SignerFacts& facts, SignatureView& view) {
    const std::vector<cms::Attribute>& attributes = facts.signed_attributes;
    if (const cms::Attribute* const policy = cms::find(attributes, cms::signature_policy)) {
      const auto read = read_policy(policy->values.front().whole);
      if (!read) refuse(view, "cms_malformed", "signature-policy");
      view.policy = read ? read->oid : std::string();
      view.policy_digest = read ? read->digest : base::Bytes();
    }
    if (const cms::Attribute* const commitment = cms::find(attributes, cms::commitment_type)) {
      const auto read = read_commitment(commitment->values.front().whole);
      if (!read) refuse(view, "cms_malformed", "commitment-type");
      view.commitment = read.value_or(std::string());
    }
    for (const bool is_v2 : {true, false}) {
      const cms::Attribute* const role =
          cms::find(attributes, is_v2 ? cms::signer_attributes_v2 : cms::signer_attributes);
      if (role != nullptr && view.role.empty()) view.role = read_role(role->values.front().whole, is_v2);
    }
    // RFC 2634 §2.11: this signature is about another one, which is not known here.
    if (cms::find(attributes, cms::content_reference) != nullptr) view.unknown_critical = "content-reference";
  }

  static void take_material(const cms::SignerFacts& facts, SignatureView& view) {
    cms::Material own{std::move(view.certificates), std::move(view.lists), std::move(view.ocsp_answers)};
    cms::collect(facts.unsigned_attributes, own);
    view.certificates = std::move(own.certificates);
    view.lists = std::move(own.lists);
    view.ocsp_answers = std::move(own.ocsp_answers);
  }

  void take_timestamps(base::BytesView signer, const cms::SignerFacts& facts, SignatureView& view, std::size_t depth) {
    using Kind = TimestampNote::Kind;
    for (const cms::Attribute& attribute : facts.signed_attributes) {
      // What a counter-signature covers is the value of the signature above, not the content.
      if (depth == 0 && attribute.oid == cms::content_timestamp.content())
        add_timestamps(attribute, Kind::content, signer, view);
    }
    for (const cms::Attribute& attribute : facts.unsigned_attributes) {
      if (attribute.oid == cms::signature_timestamp.content()) add_timestamps(attribute, Kind::signature, signer, view);
      const bool is_v3 = attribute.oid == cms::archive_timestamp_v3.content();
      if (is_v3 || attribute.oid == cms::archive_timestamp_v2.content()) {
        add_timestamps(attribute, Kind::archive, is_v3 && depth == 0 ? signer : base::BytesView(), view);
      }
    }
  }

  // `signer`: "" = the rule for what the token covers is not built.
  void add_timestamps(const cms::Attribute& attribute, TimestampNote::Kind kind, base::BytesView signer,
                      SignatureView& view) {
    for (const der::Element& value : attribute.values) {
      if (view.timestamps.size() >= most_timestamps) return refuse(view, "cms_too_many", "time stamps");
      TimestampView stamp;
      stamp.kind = kind;
      stamp.token = value.whole;
      stamp.find_imprint = [message = message_, detached = detached_, kind, signer,
                            token = stamp.token](crypto::DigestKind digest) -> std::optional<base::Bytes> {
        return find_imprint(*message, detached, kind, signer, token, digest);
      };
      if (kind == TimestampNote::Kind::archive && !signer.empty()) {
        stamp.covers = [message = message_, signer, token = stamp.token](base::BytesView other) {
          const auto read = cms::read_signer(signer);
          return read && covers_token(token, *read, other);
        };
      }
      view.timestamps.push_back(std::move(stamp));
    }
  }

  static std::optional<base::Bytes> find_imprint(const Message& message, const Content* detached,
                                                 TimestampNote::Kind kind, base::BytesView whole, base::BytesView token,
                                                 crypto::DigestKind digest) {
    if (whole.empty()) return std::nullopt;
    const auto signer = cms::read_signer(whole);
    if (!signer) return std::nullopt;
    if (kind == TimestampNote::Kind::signature) return crypto::digest(digest, signer->signature);
    const Reader reader(message, detached);
    const auto content = reader.digest_content(digest);
    if (!content) return std::nullopt;
    if (kind == TimestampNote::Kind::content) return *content;
    return find_archive_imprint(token, message.data, *signer, *content, digest);
  }

  // Only for the content's digest; the message outlives it.
  Reader(const Message& message, const Content* detached)
      : message_(std::shared_ptr<const Message>(), &message), detached_(detached) {}

  // Levels of EN 319 122-1 §6 by what is there; whether it proves anything is for others to judge.
  void take_level(const cms::SignerFacts& facts, SignatureView& view, std::size_t depth) const {
    const std::vector<base::Bytes>& embedded = message_->material.certificates;
    const bool is_embedded = std::find(embedded.begin(), embedded.end(), view.certificate) != embedded.end();
    const bool has_type = depth > 0 || cms::find(facts.signed_attributes, cms::content_type) != nullptr;
    view.is_baseline = view.format_flaw.empty() && view.breach.empty() && facts.has_reference &&
                       facts.signing_time.has_value() && is_embedded && has_type;
    if (cms::find(facts.unsigned_attributes, cms::signature_timestamp) == nullptr) return;
    view.level = Level::t;
    if (!view.lists.empty() || !view.ocsp_answers.empty()) view.level = Level::lt;
    if (cms::find(facts.unsigned_attributes, cms::archive_timestamp_v3) != nullptr) view.level = Level::lta;
  }

  void take_counter_signatures(const cms::SignerInfo& signer, const cms::SignerFacts& facts, SignatureView& view,
                               std::size_t depth) {
    const cms::SignedContent content{std::nullopt,
                                     [&signer](crypto::DigestKind kind) -> base::Result<base::Bytes> {
                                       return crypto::digest(kind, signer.signature);
                                     },
                                     false};
    for (const cms::Attribute& attribute : facts.unsigned_attributes) {
      if (attribute.oid != cms::counter_signature.content()) continue;
      for (const der::Element& value : attribute.values) {
        if (depth >= deepest_counter_signature) return refuse(view, "cms_too_deep", "counter-signatures");
        if (++counter_signatures_ > most_counter_signatures) return refuse(view, "cms_too_many", "counter-signatures");
        const std::string id = view.id + "-counter-" + std::to_string(view.counter_signatures.size() + 1);
        SignatureView counter = read_one(value.whole, content, id, depth + 1);
        counter.is_counter_signature = true;
        counter.scope.push_back({ScopePart::Kind::element, view.id});
        if (!counter.are_digests_right) counter.wrong_digest = view.id;
        view.counter_signatures.push_back(std::move(counter));
      }
    }
  }

  void judge_content(SignatureView& view) const {
    const std::string name = detached_ == nullptr ? std::string() : detached_->name();
    if (!message_->data.has_content) {
      view.scope.push_back({ScopePart::Kind::file, name});
      view.missing_data = view.is_data_found ? std::string() : name;
      if (view.is_data_found && !view.are_digests_right) view.wrong_digest = name;
      return;
    }
    view.scope.push_back({ScopePart::Kind::full, name});
    if (!view.are_digests_right) view.wrong_digest = name;
    if (detached_ == nullptr) return;
    // A document was handed in beside one that is inside: an answer about another document would mislead.
    const auto beside = detached_->digest(crypto::DigestKind::sha256);
    if (!beside || *beside != crypto::digest(crypto::DigestKind::sha256, message_->data.content)) {
      view.are_digests_right = false;
      view.wrong_digest = name;
    }
  }

  std::shared_ptr<const Message> message_;
  const Content* detached_;
  std::vector<base::BytesView> candidates_;
  std::size_t counter_signatures_ = 0;
  std::size_t copied_ = 0;  // octets of the message, once for each view
};

// What stands behind the message belongs to it no more: it is cut off. The number of its octets, or 0 if they say
// nothing: programs write zeros to fill a place of fixed length, or the end of a line.
std::size_t cut_off(base::Bytes& octets) {
  const auto message = der::Reader(octets, der::Rules::ber).take();
  if (!message) return 0;
  const base::BytesView behind = base::BytesView(octets).substr(message->whole.size());
  const bool says_nothing = behind.find_first_not_of(base::BytesView("\0", 1)) == base::BytesView::npos ||
                            behind.find_first_not_of("\r\n") == base::BytesView::npos;
  const std::size_t count = says_nothing ? 0 : behind.size();
  octets.resize(message->whole.size());
  return count;
}

DocumentView refuse_document(std::string_view flaw, std::string detail) {
  DocumentView document;
  document.flaw = flaw;
  document.detail = std::move(detail);
  return document;
}

}  // namespace

bool is_cms_signature(base::BytesView octets) {
  const base::Bytes plain = cms::beginning_of(octets);
  // The identifier stands behind one tag and one length.
  const base::Bytes oid = der::make(cms::id_signed_data);
  const std::size_t at = plain.find(oid);
  return at != base::Bytes::npos && at >= 2 && at <= 11 && static_cast<std::uint8_t>(plain.front()) == der::sequence;
}

DocumentView read_cades(base::BytesView octets, const Content* detached, const std::vector<base::Bytes>& others) {
  auto plain = cms::strip_pem(octets);
  if (!plain) return refuse_document("cms_malformed", plain.error().reason);
  const auto message = std::make_shared<Message>();
  message->octets = std::move(*plain);
  if (const std::size_t behind = cut_off(message->octets); behind > 0) {
    message->breach = "cms_octets_behind";
    message->breach_detail = std::to_string(behind);
  }
  auto data = cms::read_signed_data(message->octets);
  if (!data) {
    const bool is_other = data.error().code == base::Code::not_found;
    return refuse_document(is_other ? "cms_not_signed_data" : "cms_malformed", data.error().reason);
  }
  message->data = std::move(*data);
  if (message->data.signers.empty()) return refuse_document("cms_no_signer", "certificates only");
  if (message->data.signers.size() > most_cades_signers || message->data.certificates.size() > cms::most_material ||
      message->data.lists.size() > cms::most_material) {
    return refuse_document("cms_too_many", "signers, certificates or lists");
  }
  cms::collect(message->data, message->material);
  DocumentView document;
  Reader reader(message, detached, others);
  for (std::size_t i = 0; i < message->data.signers.size(); ++i) document.signatures.push_back(reader.read(i));
  return document;
}

base::Result<base::Bytes> read_attached_content(base::BytesView octets) {
  ASSIGN_OR_RETURN(const base::Bytes plain, cms::strip_pem(octets));
  const auto data = cms::read_signed_data(plain);
  if (!data) return base::fail(base::Code::invalid_input, "not a CMS signature");
  if (!data->has_content) return base::fail(base::Code::not_found, "a detached signature");
  return base::Bytes(data->content);
}

}  // namespace signature
