#include "flow/validation/report_xml.hpp"

#include <algorithm>
#include <string_view>

#include "base/bytes.hpp"

namespace flow {
namespace {

using signature::CertificateNote;
using signature::SignatureReport;
using signature::ValidationReport;
using signature::Verdict;

constexpr std::string_view sha256_uri = "http://www.w3.org/2001/04/xmlenc#sha256";

// XML 1.0 §2.2: characters that may not occur are left out.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
    }
  }
  return base::is_utf8(out) ? out : std::string("?");
}

class Writer {
 public:
  explicit Writer(const ValidationReport& report) : report_(report) {}

  std::string run() {
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    open(
        R"(vr:ValidationReport xmlns:vr="http://uri.etsi.org/19102/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#")");
    for (const SignatureReport& one : report_.signatures) add_with_counters(one);
    if (report_.signatures.empty()) add_unsigned();
    add_objects();
    close("vr:ValidationReport");
    return std::move(out_);
  }

 private:
  void open(std::string_view tag) { (((out_ += '<') += tag) += ">\n"); }
  void close(std::string_view tag) { (((out_ += "</") += tag) += ">\n"); }
  void leaf(std::string_view tag, std::string_view text) {
    const std::string_view name = tag.substr(0, tag.find(' '));
    ((((((out_ += '<') += tag) += '>') += escape(text)) += "</") += name) += ">\n";
  }

  void add_with_counters(const SignatureReport& one) {
    add_signature(one);
    for (const SignatureReport& counter : one.counter_signatures) add_with_counters(counter);
  }

  // A document without signatures has one report, clause 4.3.1, that says so.
  void add_unsigned() {
    open("vr:SignatureValidationReport");
    add_times(report_.validated_at, std::nullopt, false);
    add_status(report_.verdict);
    close("vr:SignatureValidationReport");
  }

  void add_signature(const SignatureReport& one) {
    open("vr:SignatureValidationReport");
    open("vr:SignatureIdentifier");
    leaf("vr:HashOnly", "false");
    leaf("vr:DocHashOnly", "false");
    if (!one.id.empty()) leaf("vr:DAIdentifier", one.id);
    close("vr:SignatureIdentifier");
    add_constraints(one);
    add_times(report_.validated_at, one.best_signature_time, one.is_time_proven);
    if (!report_.document_sha256.empty()) {
      open("vr:SignersDocument");
      add_digest();
      close("vr:SignersDocument");
    }
    add_attributes(one);
    add_signer(one);
    if (!one.qualification.empty()) {
      open("vr:SignatureQuality");
      leaf("vr:SignatureQualityInformation", "urn:chancery:signature-quality:" + one.qualification);
      close("vr:SignatureQuality");
    }
    open("vr:SignatureValidationProcess");
    leaf("vr:SignatureValidationProcessID", process_of(one));
    close("vr:SignatureValidationProcess");
    add_status(one.verdict);
    close("vr:SignatureValidationReport");
  }

  static std::string_view process_of(const SignatureReport& one) {
    if (one.level == "LTA") return "urn:etsi:019102:validationprocess:LTA";
    return one.timestamps.empty() ? "urn:etsi:019102:validationprocess:Basic"
                                  : "urn:etsi:019102:validationprocess:LTVM";
  }

  void add_digest() {
    open("vr:DigestAlgAndValue");
    out_ += "<ds:DigestMethod Algorithm=\"" + std::string(sha256_uri) + "\"/>\n";
    // The signed document: the one beside the signature, or the file with both.
    const auto octets =
        base::parse_hex(report_.content_sha256.empty() ? report_.document_sha256 : report_.content_sha256);
    leaf("ds:DigestValue", octets ? base::to_base64(*octets) : std::string());
    close("vr:DigestAlgAndValue");
  }

  void add_constraints(const SignatureReport& one) {
    open("vr:ValidationConstraintsEvaluationReport");
    open("vr:SignatureValidationPolicy");
    leaf("vr:PolicyName", report_.policy);
    close("vr:SignatureValidationPolicy");
    for (const auto& [name, verdict] : one.blocks) {
      open("vr:ValidationConstraint");
      std::string id = "urn:chancery:block:" + name;
      std::replace(id.begin(), id.end(), ' ', '-');
      leaf("vr:ValidationConstraintIdentifier", id);
      leaf("vr:ConstraintStatus", "urn:etsi:019102:constraintStatus:applied");
      open("vr:ValidationStatus");
      add_words(verdict);
      close("vr:ValidationStatus");
      close("vr:ValidationConstraint");
    }
    close("vr:ValidationConstraintsEvaluationReport");
  }

  void add_times(base::Time validated, const std::optional<base::Time>& best, bool is_proven) {
    open("vr:ValidationTimeInfo");
    leaf("vr:ValidationTime", base::to_rfc3339(validated));
    open("vr:BestSignatureTime");
    const bool has_proof = best && is_proven;
    leaf("vr:POETime", base::to_rfc3339(has_proof ? *best : validated));
    leaf("vr:TypeOfProof", has_proof ? "urn:etsi:019102:poetype:validation" : "urn:etsi:019102:poetype:policy");
    close("vr:BestSignatureTime");
    close("vr:ValidationTimeInfo");
  }

  // Elements of TS 119 102-2 §4.2.8.
  static std::string_view tag_of(signature::TimestampNote::Kind kind) {
    using Kind = signature::TimestampNote::Kind;
    switch (kind) {
      case Kind::content: return "vr:AllDataObjectsTimeStamp";
      case Kind::references: return "vr:RefsOnlyTimeStamp";
      case Kind::archive: return "vr:ArchiveTimeStamp";
      case Kind::signature: break;
    }
    return "vr:SignatureTimeStamp";
  }
  void add_attributes(const SignatureReport& one) {
    open("vr:SignatureAttributes");
    if (one.claimed_at) {
      open(R"(vr:SigningTime Signed="true")");
      leaf("vr:Time", base::to_rfc3339(*one.claimed_at));
      close("vr:SigningTime");
    }
    for (const signature::ScopePart& part : one.scope) {
      open(R"(vr:DataObjectFormat Signed="true")");
      leaf("vr:Description", std::string(signature::name_of(part.kind)) + (part.name.empty() ? "" : " " + part.name));
      close("vr:DataObjectFormat");
    }
    for (const signature::TimestampNote& stamp : one.timestamps) {
      const std::string_view tag = tag_of(stamp.kind);
      open(tag);
      leaf("vr:TimeStampValue", base::to_rfc3339(stamp.at));
      close(tag);
    }
    close("vr:SignatureAttributes");
  }

  void add_signer(const SignatureReport& one) {
    open("vr:SignerInformation");
    if (!one.certificates.empty()) {
      out_ += "<vr:SignerCertificate VOReference=\"#C-" + escape(one.certificates.front().sha256) + "\"/>\n";
    }
    leaf("vr:Signer", one.signer.name);
    close("vr:SignerInformation");
  }

  void add_words(const Verdict& verdict) {
    leaf("vr:MainIndication", signature::urn_of(verdict.indication));
    const std::string sub = signature::urn_of(verdict.sub_indication);
    if (!sub.empty()) leaf("vr:SubIndication", sub);
  }

  void add_status(const Verdict& verdict) {
    open("vr:SignatureValidationStatus");
    add_words(verdict);
    if (!verdict.reason.empty()) {
      open("vr:AssociatedValidationReportData");
      open("vr:AdditionalValidationReportData");
      open("vr:ReportData");
      leaf("vr:Type", "urn:chancery:validation-reason");
      leaf("vr:Value", verdict.reason + (verdict.detail.empty() ? "" : ": " + verdict.detail));
      close("vr:ReportData");
      close("vr:AdditionalValidationReportData");
      close("vr:AssociatedValidationReportData");
    }
    close("vr:SignatureValidationStatus");
  }

  void collect(const SignatureReport& one, std::vector<const CertificateNote*>& all) {
    for (const CertificateNote& note : one.certificates) {
      const bool is_there = std::any_of(all.begin(), all.end(),
                                        [&](const CertificateNote* other) { return other->sha256 == note.sha256; });
      if (!is_there) all.push_back(&note);
    }
    for (const SignatureReport& counter : one.counter_signatures) collect(counter, all);
  }

  // Certificates by their digest; the octets themselves stay in the document.
  void add_objects() {
    std::vector<const CertificateNote*> all;
    for (const SignatureReport& one : report_.signatures) collect(one, all);
    if (all.empty()) return;
    open("vr:SignatureValidationObjects");
    for (const CertificateNote* const note : all) {
      open("vr:ValidationObject id=\"C-" + escape(note->sha256) + "\"");
      leaf("vr:ObjectType", "urn:etsi:019102:validationObject:certificate");
      open("vr:ValidationObjectRepresentation");
      open("vr:DigestAlgAndValue");
      out_ += "<ds:DigestMethod Algorithm=\"" + std::string(sha256_uri) + "\"/>\n";
      const auto octets = base::parse_hex(note->sha256);
      leaf("ds:DigestValue", octets ? base::to_base64(*octets) : std::string());
      close("vr:DigestAlgAndValue");
      close("vr:ValidationObjectRepresentation");
      close("vr:ValidationObject");
    }
    close("vr:SignatureValidationObjects");
  }

  const ValidationReport& report_;
  std::string out_;
};

}  // namespace

std::string print_etsi_report(const ValidationReport& report) {
  return Writer(report).run();
}

}  // namespace flow
