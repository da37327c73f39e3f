#include "signature/validation/validate_signature.hpp"

#include <algorithm>

#include "signature/report/visible_text.hpp"
#include "signature/validation/basic_signature.hpp"
#include "signature/validation/best_signature_time.hpp"
#include "signature/validation/cryptographic_verification.hpp"
#include "signature/validation/level.hpp"
#include "signature/validation/timestamp_validation.hpp"
#include "signature/validation/validation_context.hpp"

namespace signature {
namespace {

void add_wanted(const std::vector<WantedRevocation>& more, std::vector<WantedRevocation>& all) {
  for (const WantedRevocation& one : more) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
}

SignerNote describe_signer(base::BytesView certificate) {
  const auto details = find_details(certificate);
  if (!details) return {};
  return {details->common_name.empty() ? details->subject : details->common_name, details->organisation,
          details->serial, details->issuer};
}

// What the signature says of itself; nothing here is judged.
void describe(const SignatureView& view, SignatureReport& report) {
  report.id = view.id;
  report.format = view.format;
  report.packaging = view.packaging;
  report.signer = describe_signer(view.certificate);
  report.claimed_at = view.claimed_at;
  report.algorithm = view.algorithm ? std::string(crypto::name_of(*view.algorithm)) : view.algorithm_name;
  report.policy = view.policy;
  report.commitment = view.commitment;
  report.role = view.role;
  // Of what has a broken form nobody knows what it covers.
  if (view.format_flaw.empty()) report.scope = view.scope;
  report.notes = view.notes;
  report.cryptographic = summarize_cryptographic(view);
}

}  // namespace

ValidatedSignature validate_signature(const SignatureView& view, const Material& material,
                                      const ValidationPolicy& policy, Moment moment) {
  ValidatedSignature validated;
  SignatureReport& report = validated.report;
  describe(view, report);
  ValidationRun run = begin_run(view, material, policy, moment);
  const std::vector<ReadTimestamp> read = read_timestamps(view, run);
  BasicFinding basic = validate_basic_signature(run, view);
  TimestampFindings stamps = validate_timestamps(run, read);
  report.verdict = validate_with_time(run, view, basic, stamps);
  judge_level(view, basic, stamps, report);
  report.blocks = std::move(basic.blocks);
  for (const TimestampNote& one : stamps.notes) report.blocks.emplace_back("time-stamp validation", one.verdict);
  if (report.verdict.sub_indication != basic.verdict.sub_indication) {
    report.blocks.emplace_back("past signature validation", report.verdict);
  }
  report.certificates = std::move(basic.chain.notes);
  report.timestamps = std::move(stamps.notes);
  report.is_time_proven = stamps.existence.signature.has_value();
  report.best_signature_time = report.is_time_proven ? stamps.existence.signature : view.claimed_at;
  // Without a trusted list nothing is called qualified, and of a broken signature nothing is said.
  const bool is_advanced = !basic.chain.path.empty() && report.verdict.indication != Indication::total_failed;
  report.qualification = is_advanced ? "AdES" : "";
  validated.wanted = std::move(run.wanted);
  for (const SignatureView& one : view.counter_signatures) {
    ValidatedSignature counter = validate_signature(one, material, policy, moment);
    add_wanted(counter.wanted, validated.wanted);
    report.counter_signatures.push_back(std::move(counter.report));
  }
  make_visible(report);
  return validated;
}

ValidatedDocument validate_document(const DocumentView& document, const Material& material,
                                    const ValidationPolicy& policy, Moment moment) {
  ValidatedDocument validated;
  ValidationReport& report = validated.report;
  report.policy = policy.name;
  report.validated_at = moment.at;
  if (!document.flaw.empty()) {
    report.verdict = failed(SubIndication::format_failure, document.flaw, document.detail);
    return validated;
  }
  for (const SignatureView& one : document.signatures) {
    ValidatedSignature signature = validate_signature(one, material, policy, moment);
    add_wanted(signature.wanted, validated.wanted);
    report.signatures.push_back(std::move(signature.report));
  }
  report.verdict = judge_whole(report.signatures);
  return validated;
}

}  // namespace signature
