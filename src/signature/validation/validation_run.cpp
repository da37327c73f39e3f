#include "signature/validation/validation_run.hpp"

#include "signature/validation/memo.hpp"

namespace signature {

std::shared_ptr<const crypto::CertificateDetails> find_details(base::BytesView der) {
  static Memo<base::Result<crypto::CertificateDetails>> memo;
  const auto found = memo.find(MemoKey().add(der).finish(), [&] { return crypto::read_details(der); });
  if (!*found) return nullptr;
  return {found, &**found};
}

Verdict judge_algorithm(const AlgorithmJudgement& judgement) {
  switch (judgement.state) {
    case AlgorithmJudgement::State::good: return passed();
    case AlgorithmJudgement::State::never:
      return undecided(SubIndication::crypto_constraints_failure, "algorithm_never", judgement.name);
    case AlgorithmJudgement::State::ended: break;
  }
  const std::string until = judgement.until ? " " + base::to_rfc3339(*judgement.until).substr(0, 10) : std::string();
  return undecided(SubIndication::crypto_constraints_failure_no_poe, "algorithm_ended", judgement.name + until);
}

AlgorithmJudgement judge_certificate_key(const ValidationPolicy& policy, const crypto::CertificateDetails& details,
                                         base::Time at) {
  return judge_key_size(policy, details.key_family, details.key_bits, at);
}

AlgorithmJudgement judge_certificate_signature(const ValidationPolicy& policy,
                                               const crypto::CertificateDetails& details, base::Time at) {
  if (!details.signed_by) return {AlgorithmJudgement::State::never, std::nullopt, details.signed_by_name};
  return worst_of(judge_scheme(policy, details.signed_by->scheme, at),
                  judge_digest(policy, details.signed_by->digest, at));
}

}  // namespace signature
