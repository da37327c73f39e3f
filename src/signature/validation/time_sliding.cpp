#include "signature/validation/time_sliding.hpp"

#include <algorithm>

#include "signature/validation/revocation_freshness.hpp"

namespace signature {
namespace {

using crypto::CertificateDetails;
constexpr base::Duration a_moment = base::Duration(1);

class Sliding {
 public:
  Sliding(const ValidationRun& run, const std::vector<base::Bytes>& path, base::Time existed)
      : run_(run), path_(path), existed_(existed), control_time_(run.moment.at) {}

  std::optional<base::Time> run() {
    const auto anchor = find_details(path_.back());
    if (!anchor) return std::nullopt;
    control_time_ = std::min(control_time_, anchor->not_after);
    for (std::size_t i = path_.size() - 1; i-- > 0;) {
      const auto details = find_details(path_[i]);
      if (!details || !slide(i, *details)) return std::nullopt;
    }
    return control_time_;
  }

 private:
  bool slide(std::size_t index, const CertificateDetails& details) {
    if (!slide_by_revocation(index)) return false;
    control_time_ = std::min(control_time_, details.not_after);
    if (!slide_by_algorithm(judge_certificate_key(run_.policy, details, control_time_))) return false;
    if (!slide_by_algorithm(judge_certificate_signature(run_.policy, details, control_time_))) return false;
    return control_time_ >= details.not_before;
  }

  bool slide_by_revocation(std::size_t index) {
    using State = RevocationStatus::State;
    const RevocationStatus status = find_revocation(run_, path_, index, control_time_);
    switch (status.state) {
      case State::good:
      case State::not_needed: return true;
      case State::missing: return !run_.policy.needs_revocation;
      case State::revoked:
      case State::on_hold: control_time_ = std::min(control_time_, *status.finding->revoked_at - a_moment); return true;
      case State::stale:
      case State::out_of_bounds: break;
    }
    const crypto::RevocationFinding& finding = *status.finding;
    const bool counts = is_fresh(run_.policy, finding.this_update, finding.next_update, existed_);
    const base::Time shown = counts ? std::max(finding.this_update, existed_) : finding.this_update;
    control_time_ = std::min(control_time_, shown);
    return true;
  }

  bool slide_by_algorithm(const AlgorithmJudgement& judgement) {
    if (judgement.state == AlgorithmJudgement::State::never) return false;
    if (judgement.state == AlgorithmJudgement::State::ended) {
      control_time_ = std::min(control_time_, *judgement.until - a_moment);
    }
    return true;
  }

  const ValidationRun& run_;
  const std::vector<base::Bytes>& path_;
  base::Time existed_;
  base::Time control_time_;
};

}  // namespace

std::optional<base::Time> slide_validation_time(const ValidationRun& run, const std::vector<base::Bytes>& path,
                                                base::Time existed) {
  if (path.empty()) return std::nullopt;
  return Sliding(run, path, existed).run();
}

}  // namespace signature
