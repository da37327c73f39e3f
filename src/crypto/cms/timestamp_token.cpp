#include "crypto/cms/timestamp_token.hpp"

#include <array>

#include "crypto/certificate/x509.hpp"
#include "crypto/cms/algorithm.hpp"
#include "crypto/cms/attributes.hpp"
#include "crypto/cms/certificate_parts.hpp"
#include "crypto/cms/judge_signer.hpp"
#include "crypto/cms/material.hpp"
#include "crypto/cms/signed_data.hpp"

namespace crypto {
namespace {

constexpr std::array<std::string_view, 8> flaw_names{
    "none",         "malformed",      "no_certificate", "wrong_certificate", "not_an_authority", "unknown_algorithm",
    "wrong_digest", "wrong_signature"};
constexpr der::Oid time_stamping{"1.3.6.1.5.5.7.3.8"};  // id-kp-timeStamping
constexpr std::size_t longest_serial = 20;              // EN 319 422 §5.2.1: up to 160 bits
constexpr std::size_t longest_nonce = 64;

tl::unexpected<base::Error> fail(const char* why) {
  return base::fail(base::Code::invalid_input, why);
}

base::Result<base::Bytes> make_accuracy(const TimestampAccuracy& accuracy) {
  if (accuracy.seconds < 0 || accuracy.milliseconds < 0 || accuracy.milliseconds > 999 || accuracy.microseconds < 0 ||
      accuracy.microseconds > 999) {
    return fail("an accuracy that is none");
  }
  base::Bytes content;
  if (accuracy.seconds > 0) content.append(der::make_integer(static_cast<std::uint64_t>(accuracy.seconds)));
  const std::array parts{accuracy.milliseconds, accuracy.microseconds};
  for (unsigned i = 0; i < parts.size(); ++i) {
    if (parts.at(i) == 0) continue;
    base::Bytes number = der::make_integer(static_cast<std::uint64_t>(parts.at(i)));
    number.front() = static_cast<char>(der::context(i, false));
    content.append(number);
  }
  return content.empty() ? base::Bytes() : der::make(der::sequence, content);
}

base::Result<base::Bytes> make_info(const TimestampInfo& info) {
  if (info.imprint.size() != size_of(info.digest_kind)) return fail("an imprint of another length than its digest");
  if (info.serial.empty() || info.serial.size() > longest_serial) return fail("a serial number that is none");
  ASSIGN_OR_RETURN(const base::Bytes policy, der::make_oid(info.policy));
  ASSIGN_OR_RETURN(const base::Bytes accuracy, make_accuracy(info.accuracy));
  base::Bytes content = der::make_integer(1);
  content.append(policy);
  content.append(
      der::make(der::sequence, {cms::make_identifier(info.digest_kind), der::make(der::octet_string, info.imprint)}));
  content.append(der::make_integer(base::BytesView(info.serial)));
  content.append(der::make_exact_time(info.at));
  content.append(accuracy);
  if (info.is_ordered) content.append("\x01\x01\xff", 3);
  if (!info.nonce.empty()) {
    if (!der::is_canonical_integer(info.nonce)) return fail("a nonce that is no number");
    der::append(content, der::integer, info.nonce);
  }
  return der::make(der::sequence, content);
}

base::Result<std::int64_t> read_part(const std::optional<der::Element>& part) {
  if (!part) return 0;
  ASSIGN_OR_RETURN(const std::int64_t number, der::read_small(*part));
  if (number < 1 || number > 999) return fail("an accuracy that is none");
  return number;
}

base::Result<TimestampAccuracy> read_accuracy(const der::Element& element) {
  TimestampAccuracy accuracy;
  der::Reader reader(element.content);
  ASSIGN_OR_RETURN(const auto seconds, reader.take_if(der::integer));
  if (seconds) {
    ASSIGN_OR_RETURN(accuracy.seconds, der::read_small(*seconds));
  }
  ASSIGN_OR_RETURN(const auto milliseconds, reader.take_if(der::context(0, false)));
  ASSIGN_OR_RETURN(accuracy.milliseconds, read_part(milliseconds));
  ASSIGN_OR_RETURN(const auto microseconds, reader.take_if(der::context(1, false)));
  ASSIGN_OR_RETURN(accuracy.microseconds, read_part(microseconds));
  RETURN_IF_ERROR(reader.finish());
  return accuracy;
}

std::string read_name(const der::Element& explicit_name) {
  const auto general = der::read_one(explicit_name.content);
  if (!general || general->tag != der::context(4)) return {};
  const unsigned char* at = ossl::octets(general->content);
  const ossl::Name name(d2i_X509_NAME(nullptr, &at, static_cast<long>(general->content.size())));
  return name ? ossl::text_of(name.get()) : std::string();
}

// A critical extension changes what the token says in a way that is not known here (RFC 5280 §4.2).
base::Result<void> judge_extensions(const der::Element& extensions) {
  ASSIGN_OR_RETURN(const auto all, der::read_all(extensions.content));
  for (const der::Element& one : all) {
    der::Reader reader(one.content);
    RETURN_IF_ERROR(reader.take(der::object_identifier));
    ASSIGN_OR_RETURN(const auto critical, reader.take_if(der::boolean));
    if (critical && critical->content != base::BytesView("\0", 1)) return fail("a critical extension of the token");
  }
  return {};
}

base::Result<void> read_imprint(der::Reader reader, TimestampInfo& info) {
  ASSIGN_OR_RETURN(const der::Element algorithm, reader.take(der::sequence));
  ASSIGN_OR_RETURN(const der::Element imprint, reader.take(der::octet_string));
  RETURN_IF_ERROR(reader.finish());
  ASSIGN_OR_RETURN(const cms::DigestIdentifier digest, cms::read_digest_identifier(algorithm.whole));
  if (!digest.kind) return fail("an imprint by a digest that is not known");
  info.digest_kind = *digest.kind;
  info.imprint = imprint.content;
  if (info.imprint.size() != size_of(info.digest_kind)) return fail("an imprint of another length than its digest");
  return {};
}

base::Result<void> read_options(der::Reader reader, TimestampInfo& info) {
  ASSIGN_OR_RETURN(const auto accuracy, reader.take_if(der::sequence));
  if (accuracy) {
    ASSIGN_OR_RETURN(info.accuracy, read_accuracy(*accuracy));
  }
  ASSIGN_OR_RETURN(const auto ordering, reader.take_if(der::boolean));
  info.is_ordered = ordering.has_value() && ordering->content != base::BytesView("\0", 1);
  ASSIGN_OR_RETURN(const auto nonce, reader.take_if(der::integer));
  if (nonce) {
    if (!der::is_canonical_integer(nonce->content) || nonce->content.size() > longest_nonce) return fail("a nonce");
    info.nonce = nonce->content;
  }
  ASSIGN_OR_RETURN(const auto authority, reader.take_if(der::context(0)));
  if (authority) info.authority = read_name(*authority);
  ASSIGN_OR_RETURN(const auto extensions, reader.take_if(der::context(1)));
  if (extensions) RETURN_IF_ERROR(judge_extensions(*extensions));
  return reader.finish();
}

base::Result<TimestampInfo> read_info(base::BytesView content) {
  TimestampInfo info;
  ASSIGN_OR_RETURN(const der::Element whole, der::read_one(content));
  if (whole.tag != der::sequence) return fail("not a TSTInfo");
  der::Reader reader(whole.content);
  ASSIGN_OR_RETURN(const der::Element version, reader.take(der::integer));
  if (version.content != base::BytesView("\x01", 1)) return fail("a token of another version");
  ASSIGN_OR_RETURN(const der::Element policy, reader.take(der::object_identifier));
  info.policy = der::oid_text(policy.content);
  ASSIGN_OR_RETURN(const der::Element imprint, reader.take(der::sequence));
  RETURN_IF_ERROR(read_imprint(der::Reader(imprint.content), info));
  ASSIGN_OR_RETURN(const der::Element serial, reader.take(der::integer));
  if (!der::is_canonical_integer(serial.content) || serial.content.size() > longest_serial + 1) {
    return fail("a serial number that is none");
  }
  info.serial = serial.content;
  if (info.serial.size() > 1 && info.serial.front() == '\0') info.serial.erase(0, 1);
  ASSIGN_OR_RETURN(const der::Element time, reader.take(der::generalized_time));
  ASSIGN_OR_RETURN(info.at, der::read_time(time));
  RETURN_IF_ERROR(read_options(reader, info));
  return info;
}

base::Result<cms::SignedData> read_frame(base::BytesView token) {
  if (token.size() > largest_timestamp_token) return fail("a token that is too large");
  auto data = cms::read_signed_data(token);
  if (!data) return fail("not a time-stamp token");
  // RFC 5652 §5.1: the version is 3, because the content is no data.
  if (data->version != 3 || data->content_type != cms::id_tst_info.content() || !data->has_content ||
      data->signers.size() != 1 || data->certificates.size() > cms::most_material ||
      data->lists.size() > cms::most_material) {
    return fail("a CMS message that is no time-stamp token");
  }
  return data;
}

// RFC 3161 §2.3: "The corresponding certificate MUST contain only one instance of the extended key usage field
// extension … with KeyPurposeID having value: id-kp-timeStamping. This extension MUST be critical."
bool is_for_timestamps(base::BytesView certificate) {
  const auto parts = cms::read_certificate_parts(certificate);
  return parts && parts->is_extended_use_critical &&
         parts->extended_use == der::make(der::sequence, der::make(time_stamping));
}

TimestampFlaw find_flaw(const cms::SignerFacts& facts) {
  if (!facts.flaw.empty() || !facts.breach.empty()) return TimestampFlaw::malformed;
  if (facts.certificate.empty()) return TimestampFlaw::no_certificate;
  if (!facts.matches_reference) return TimestampFlaw::wrong_certificate;
  if (!is_for_timestamps(facts.certificate)) return TimestampFlaw::not_an_authority;
  if (!facts.identifier.algorithm || !facts.digest_kind) return TimestampFlaw::unknown_algorithm;
  if (!facts.is_content_right) return TimestampFlaw::wrong_digest;
  return facts.is_value_right ? TimestampFlaw::none : TimestampFlaw::wrong_signature;
}

TimestampFacts& refuse(TimestampFacts& facts, const base::Error& error) {
  facts.flaw = TimestampFlaw::malformed;
  facts.reason = error.reason;
  return facts;
}

}  // namespace

std::string_view name_of(TimestampFlaw flaw) {
  return flaw_names.at(static_cast<std::size_t>(flaw));
}

base::Result<base::Bytes> make_timestamp_token(const TimestampInfo& info, const TimestampSigner& signer,
                                               bool with_certificates) {
  ASSIGN_OR_RETURN(const base::Bytes content, make_info(info));
  ASSIGN_OR_RETURN(const cms::CertificateParts parts, cms::read_certificate_parts(signer.certificate));
  ASSIGN_OR_RETURN(base::Bytes reference, cms::make_signing_certificate(signer.certificate, signer.algorithm.digest));
  const base::Bytes hashed = digest(signer.algorithm.digest, content);
  std::vector<base::Bytes> attributes;
  attributes.push_back(cms::make_attribute(cms::content_type, der::make(cms::id_tst_info)));
  attributes.push_back(cms::make_attribute(cms::message_digest, der::make(der::octet_string, hashed)));
  attributes.push_back(std::move(reference));
  const base::Bytes to_be_signed = der::make_set(der::set, std::move(attributes));
  ASSIGN_OR_RETURN(const base::Bytes value, signer.sign(to_be_signed));
  ASSIGN_OR_RETURN(const der::Element signed_attributes, der::read_one(to_be_signed));
  const base::Bytes digest_identifier = cms::make_identifier(signer.algorithm.digest);
  const base::Bytes signature_identifier = cms::make_identifier(signer.algorithm);
  cms::SignedDataParts data;
  data.digest_algorithms.push_back(digest_identifier);
  data.content_type = cms::id_tst_info.content();
  data.has_content = true;
  data.content = content;
  if (with_certificates) {
    data.certificates.push_back(signer.certificate);
    for (const base::Bytes& above : signer.chain) data.certificates.push_back(above);
  }
  data.signers.push_back(cms::make_signer(
      {parts.issuer, parts.serial, digest_identifier, signed_attributes.content, signature_identifier}, value));
  return cms::make_signed_data(data);
}

base::Result<TimestampInfo> read_timestamp_info(base::BytesView token) {
  ASSIGN_OR_RETURN(const cms::SignedData data, read_frame(token));
  return read_info(data.content);
}

TimestampFacts read_timestamp_token(base::BytesView token, const std::vector<base::Bytes>& others) {
  TimestampFacts facts;
  const auto data = read_frame(token);
  if (!data) return refuse(facts, data.error());
  auto info = read_info(data->content);
  if (!info) return refuse(facts, info.error());
  facts.info = std::move(*info);
  const auto signer = cms::read_signer(data->signers.front());
  if (!signer) return refuse(facts, signer.error());
  cms::Material material;
  cms::collect(*data, material);
  std::vector<base::BytesView> candidates(material.certificates.begin(), material.certificates.end());
  candidates.insert(candidates.end(), others.begin(), others.end());
  const cms::SignedContent content{
      data->content_type, [&data](DigestKind kind) -> base::Result<base::Bytes> { return digest(kind, data->content); },
      false};
  const cms::SignerFacts judged = cms::judge_signer(*signer, content, candidates);
  cms::collect(judged.unsigned_attributes, material);
  facts.certificate = judged.certificate;
  facts.algorithm = judged.identifier.algorithm;
  facts.algorithm_name = judged.identifier.name;
  facts.reference_digest = judged.reference_digest.value_or(DigestKind::sha256);
  facts.flaw = find_flaw(judged);
  facts.reason =
      judged.flaw.empty() ? std::string(name_of(facts.flaw)) : std::string(judged.flaw) + " " + judged.detail;
  facts.certificates = std::move(material.certificates);
  facts.lists = std::move(material.lists);
  facts.ocsp_answers = std::move(material.ocsp_answers);
  return facts;
}

}  // namespace crypto
