#include "signature/validation/x509_chain.hpp"

#include <algorithm>

#include "signature/validation/memo.hpp"
#include "signature/validation/revocation_freshness.hpp"

namespace signature {
namespace {

using crypto::CertificateDetails;
using crypto::PathFlaw;
using Details = std::shared_ptr<const CertificateDetails>;

bool is_valid_at(const CertificateDetails& details, base::Time at) {
  return details.not_before <= at && at <= details.not_after;
}

bool is_whole_path_valid(const std::vector<base::Bytes>& path, base::Time at) {
  return std::all_of(path.begin(), path.end(), [&](const base::Bytes& one) {
    const Details details = find_details(one);
    return details && is_valid_at(*details, at);
  });
}

Verdict verdict_of(PathFlaw flaw) {
  switch (flaw) {
    case PathFlaw::none: return passed();
    case PathFlaw::untrusted: return undecided(SubIndication::no_certificate_chain_found, "no_trusted_authority");
    case PathFlaw::too_deep:
    case PathFlaw::too_large: return undecided(SubIndication::chain_constraints_failure, "chain_too_long");
    case PathFlaw::usage: return undecided(SubIndication::chain_constraints_failure, "chain_usage");
    case PathFlaw::bad_signature:
      return undecided(SubIndication::certificate_chain_general_failure, "chain_signature_wrong");
    case PathFlaw::name_refused:
    case PathFlaw::policy: return undecided(SubIndication::certificate_chain_general_failure, "chain_refused");
    case PathFlaw::broken:
    case PathFlaw::critical_extension:
    case PathFlaw::expired:
    case PathFlaw::not_yet_valid:
    case PathFlaw::weak:
    case PathFlaw::revoked:
    case PathFlaw::unknown_revocation:
    case PathFlaw::other: break;
  }
  return undecided(SubIndication::certificate_chain_general_failure, "chain_broken",
                   std::string(crypto::name_of(flaw)));
}

std::string word_of(RevocationStatus::State state) {
  switch (state) {
    case RevocationStatus::State::good: return "good";
    case RevocationStatus::State::revoked:
    case RevocationStatus::State::on_hold: return "revoked";
    case RevocationStatus::State::not_needed: return "not asked";
    case RevocationStatus::State::stale:
    case RevocationStatus::State::out_of_bounds:
    case RevocationStatus::State::missing: break;
  }
  return "unknown";
}

std::string reason_of(const RevocationStatus& status) {
  using State = RevocationStatus::State;
  if (status.state == State::stale) return "revocation_stale";
  if (status.state == State::out_of_bounds) return "revocation_signer_ended";
  return status.reason.empty() ? "revocation_missing" : status.reason;
}

CertificateNote note_of(const CertificateDetails& details) {
  CertificateNote note;
  note.subject = details.subject;
  note.issuer = details.issuer;
  note.serial = details.serial;
  note.sha256 = details.fingerprint;
  note.not_before = details.not_before;
  note.not_after = details.not_after;
  note.revocation = "not asked";
  return note;
}

class Chain {
 public:
  Chain(ValidationRun& run, base::BytesView leaf, ChainPurpose purpose, base::Time at)
      : run_(run), leaf_(leaf), purpose_(purpose), at_(at) {}

  ChainFinding run() {
    finding_.verdict = passed();
    const crypto::PathJudgement path = find_path(run_, leaf_, purpose_, at_);
    if (!path.is_good()) {
      if (const Details details = find_details(leaf_)) finding_.notes.push_back(note_of(*details));
      finding_.verdict = verdict_of(path.flaw);
      return finding_;
    }
    finding_.path = path.path;
    for (const base::Bytes& one : finding_.path) {
      details_.push_back(find_details(one));
      if (!details_.back()) {
        finding_.verdict = verdict_of(PathFlaw::broken);
        return finding_;
      }
      finding_.notes.push_back(note_of(*details_.back()));
    }
    ask();
    for (const auto judge : {&Chain::judge_constraints, &Chain::judge_revoked, &Chain::judge_times,
                             &Chain::judge_answers, &Chain::judge_algorithms}) {
      if (finding_.verdict.is_passed()) finding_.verdict = (this->*judge)();
    }
    return finding_;
  }

 private:
  [[nodiscard]] std::size_t below_anchor() const { return finding_.path.size() - 1; }

  void ask() {
    for (std::size_t i = 0; i < below_anchor(); ++i) {
      const RevocationStatus& status = statuses_.emplace_back(find_revocation(run_, finding_.path, i, at_));
      CertificateNote& note = finding_.notes[i];
      note.revocation = word_of(status.state);
      note.revocation_from = status.from;
      if (status.finding) note.revoked_at = status.finding->revoked_at;
      using State = RevocationStatus::State;
      if (status.state != State::missing && status.state != State::stale && status.state != State::out_of_bounds) {
        continue;
      }
      WantedRevocation wanted{finding_.path[i], finding_.path[i + 1]};
      const auto& present = run_.wanted;
      if (std::find(present.begin(), present.end(), wanted) == present.end()) run_.wanted.push_back(std::move(wanted));
    }
  }

  Verdict judge_constraints() {
    if (finding_.path.size() > run_.policy.most_depth + 2) {
      return undecided(SubIndication::chain_constraints_failure, "chain_too_long");
    }
    if (purpose_ == ChainPurpose::time_stamp || run_.policy.key_usages.empty()) return passed();
    const CertificateDetails& leaf = *details_.front();
    const auto& wanted = run_.policy.key_usages;
    const bool has_one = std::any_of(leaf.key_usages.begin(), leaf.key_usages.end(), [&](const std::string& one) {
      return std::find(wanted.begin(), wanted.end(), one) != wanted.end();
    });
    // Without the extension the certificate restricts nothing (RFC 5280 §4.2.1.3).
    if ((leaf.has_key_usage && !has_one) || leaf.is_for_other_uses)
      return undecided(SubIndication::chain_constraints_failure, "key_usage");
    return passed();
  }

  Verdict judge_revoked() {
    for (std::size_t i = 0; i < statuses_.size(); ++i) {
      const RevocationStatus& status = statuses_[i];
      if (status.state == RevocationStatus::State::on_hold) {
        return undecided(SubIndication::try_later, "certificate_on_hold", details_[i]->subject);
      }
      if (status.state != RevocationStatus::State::revoked) continue;
      finding_.revoked_at = status.finding->revoked_at;
      const std::string when = base::to_rfc3339(*finding_.revoked_at);
      if (i == 0) return undecided(SubIndication::revoked_no_poe, "certificate_revoked", when);
      return undecided(SubIndication::revoked_ca_no_poe, "authority_revoked", details_[i]->subject + " " + when);
    }
    return passed();
  }

  Verdict judge_times() {
    for (std::size_t i = 0; i < details_.size(); ++i) {
      const CertificateDetails& one = *details_[i];
      if (is_valid_at(one, at_)) continue;
      const bool is_early = at_ < one.not_before;
      const std::string when = base::to_rfc3339(is_early ? one.not_before : one.not_after);
      if (i > 0 && i == details_.size() - 1) {
        return undecided(SubIndication::no_certificate_chain_found_no_poe, "anchor_ended", one.subject + " " + when);
      }
      const std::string reason = i == 0 ? (is_early ? "certificate_early" : "certificate_expired")
                                        : (is_early ? "authority_early" : "authority_expired");
      const bool is_known_good = i == 0 && !statuses_.empty() && statuses_[0].finding &&
                                 statuses_[0].finding->state == crypto::RevocationFinding::State::good;
      return undecided(is_known_good ? SubIndication::out_of_bounds_not_revoked : SubIndication::out_of_bounds_no_poe,
                       reason, when);
    }
    return passed();
  }

  Verdict judge_answers() {
    if (!run_.policy.needs_revocation) return passed();
    for (std::size_t i = 0; i < statuses_.size(); ++i) {
      const RevocationStatus& status = statuses_[i];
      using State = RevocationStatus::State;
      if (status.state == State::good || status.state == State::not_needed) continue;
      const auto sub = status.state == State::out_of_bounds ? SubIndication::revocation_out_of_bounds_no_poe
                                                            : SubIndication::try_later;
      return undecided(sub, reason_of(status), details_[i]->subject);
    }
    return passed();
  }

  // The anchor's own signature proves nothing and is not judged; its key signs.
  Verdict judge_algorithms() {
    AlgorithmJudgement worst;
    for (std::size_t i = 0; i < details_.size(); ++i) {
      worst = worst_of(worst, judge_certificate_key(run_.policy, *details_[i], at_));
      if (i < below_anchor()) worst = worst_of(worst, judge_certificate_signature(run_.policy, *details_[i], at_));
    }
    return judge_algorithm(worst);
  }

  ValidationRun& run_;
  base::BytesView leaf_;
  ChainPurpose purpose_;
  base::Time at_;
  ChainFinding finding_;
  std::vector<Details> details_;
  std::vector<RevocationStatus> statuses_;
};

bool is_chosen(const ValidationPolicy& policy, const base::Bytes& anchor) {
  if (policy.anchors.empty()) return true;
  const Details details = find_details(anchor);
  return details &&
         std::find(policy.anchors.begin(), policy.anchors.end(), details->fingerprint) != policy.anchors.end();
}

}  // namespace

crypto::PathJudgement find_path(const ValidationRun& run, base::BytesView leaf, ChainPurpose purpose, base::Time at) {
  crypto::PathMaterial material;
  material.leaf = leaf;
  for (const base::Bytes& one : run.certificates) {
    if (material.intermediates.size() + 1 >= crypto::most_certificates) break;
    // One that cannot be read must not keep the others from being used.
    if (one != leaf && find_details(one)) material.intermediates.push_back(one);
  }
  const bool is_stamp = purpose == ChainPurpose::time_stamp;
  const auto& anchors = is_stamp ? run.material.timestamp_anchors : run.material.signature_anchors;
  for (const base::Bytes& one : anchors) {
    if (is_chosen(run.policy, one)) material.anchors.push_back(one);
  }
  crypto::PathRules rules;
  rules.purpose = is_stamp ? crypto::PathPurpose::time_stamp : crypto::PathPurpose::any;
  rules.ignores_time = true;
  rules.allows_weak = true;
  rules.most_depth = std::max<std::size_t>(run.policy.most_depth, rules.most_depth);
  rules.allows_uncritical_constraints = true;
  if (!is_stamp) {
    rules.policies = run.policy.certificate_policies;
    rules.needs_policy = run.policy.needs_certificate_policy;
    rules.refuses_mapping = run.policy.refuses_policy_mapping;
    rules.refuses_any_policy = run.policy.refuses_any_policy;
  }
  MemoKey key;
  key.add(is_stamp ? "t" : "s").add(std::to_string(rules.most_depth)).add(leaf);
  key.add(rules.needs_policy ? "1" : "0").add(rules.refuses_mapping ? "1" : "0");
  key.add(rules.refuses_any_policy ? "1" : "0").add("policies");
  for (const std::string& one : rules.policies) key.add(one);
  key.add("intermediates");
  for (const base::Bytes& one : material.intermediates) key.add(one);
  key.add("anchors");
  for (const base::Bytes& one : material.anchors) key.add(one);
  static Memo<crypto::PathJudgement> memo;
  const auto timeless = memo.find(key.finish(), [&] { return crypto::verify_chain(material, rules); });
  if (!timeless->is_good() || is_whole_path_valid(timeless->path, at)) return *timeless;
  // Another path may be valid: an authority with a renewed or a cross certificate.
  rules.ignores_time = false;
  rules.now = at;
  const crypto::PathJudgement timely = crypto::verify_chain(material, rules);
  return timely.is_good() ? timely : *timeless;
}

ChainFinding validate_chain(ValidationRun& run, base::BytesView leaf, ChainPurpose purpose, base::Time at) {
  return Chain(run, leaf, purpose, at).run();
}

}  // namespace signature
