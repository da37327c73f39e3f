#include "signature/validation/past_signature.hpp"

#include "signature/validation/past_certificate.hpp"

namespace signature {

bool can_existence_help(const Verdict& verdict) {
  if (verdict.indication != Indication::indeterminate) return false;
  switch (verdict.sub_indication) {
    case SubIndication::revoked_no_poe:
    case SubIndication::revoked_ca_no_poe:
    case SubIndication::out_of_bounds_no_poe:
    case SubIndication::out_of_bounds_not_revoked:
    case SubIndication::revocation_out_of_bounds_no_poe:
    case SubIndication::no_certificate_chain_found_no_poe:
    case SubIndication::crypto_constraints_failure_no_poe:
    case SubIndication::try_later: return true;
    default: return false;
  }
}

Verdict validate_past_signature(const ValidationRun& run, const PastQuestion& question) {
  if (!can_existence_help(question.current)) return question.current;
  const auto details = find_details(question.certificate);
  if (details && question.existed < details->not_before) {
    return failed(SubIndication::not_yet_valid, "signed_before_certificate", base::to_rfc3339(details->not_before));
  }
  const auto control_time = validate_past_certificate(run, question.certificate, question.purpose, question.existed);
  if (!control_time || question.existed > *control_time) return question.current;
  if (question.judge_algorithms(question.existed).state != AlgorithmJudgement::State::good) return question.current;
  return passed();
}

}  // namespace signature
