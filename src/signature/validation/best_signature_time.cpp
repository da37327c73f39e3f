#include "signature/validation/best_signature_time.hpp"

#include <algorithm>

#include "signature/validation/past_signature.hpp"
#include "signature/validation/signature_acceptance.hpp"

namespace signature {
namespace {

using Kind = TimestampNote::Kind;

// The latest content time stamp that passed: everything signed, and so the signature, is younger.
std::optional<base::Time> find_content_time(const std::vector<TimestampNote>& notes) {
  std::optional<base::Time> latest;
  for (const TimestampNote& one : notes) {
    if (one.kind == Kind::content && one.verdict.is_passed() && (!latest || one.at > *latest)) latest = one.at;
  }
  return latest;
}

Verdict judge_content_time(const SignatureView& view, const BasicFinding& basic, base::Time content) {
  const std::string when = base::to_rfc3339(content);
  const bool is_revoked = basic.verdict.sub_indication == SubIndication::revoked_no_poe;
  if (is_revoked && basic.chain.revoked_at && content >= *basic.chain.revoked_at) {
    return failed(SubIndication::revoked, "signed_after_revocation", when);
  }
  const auto details = find_details(view.certificate);
  if (details && !basic.chain.path.empty() && content > details->not_after) {
    return failed(SubIndication::expired, "signed_after_end", when);
  }
  return basic.verdict;
}

Verdict check_delay(const ValidationPolicy& policy, const SignatureView& view, const Existence& existence) {
  const bool is_late = policy.longest_delay && view.claimed_at && existence.signature &&
                       *view.claimed_at + *policy.longest_delay < *existence.signature;
  if (!is_late) return passed();
  return undecided(SubIndication::sig_constraints_failure, "timestamp_late", base::to_rfc3339(*existence.signature));
}

// What happened to the certificate or to an algorithm would not matter if the signature were as old as the time stamps
// that it has; but they prove the age of its references, and not its own. NO_POE: "A proof of existence is missing that
// a signed object has been produced before some compromising event".
Verdict judge_without_existence(const ValidationRun& run, const SignatureView& view, const Verdict& verdict,
                                const std::optional<base::Time>& references) {
  if (!references || verdict.is_passed() || verdict.sub_indication == SubIndication::try_later) return verdict;
  PastQuestion question{view.certificate, ChainPurpose::signature, verdict, *references, {}};
  question.judge_algorithms = [&](base::Time at) { return judge_signature_algorithms(view, run.policy, at); };
  if (!validate_past_signature(run, question).is_passed()) return verdict;
  return undecided(SubIndication::no_poe, "signature_not_stamped", base::to_rfc3339(*references));
}

}  // namespace

Verdict check_timestamp_order(const std::vector<TimestampNote>& notes) {
  for (const TimestampNote& earlier : notes) {
    for (const TimestampNote& later : notes) {
      // One over references only says nothing about the signature, so it is older or younger than that as it likes.
      const bool is_apart = later.kind == Kind::references;
      const bool is_pair =
          earlier.verdict.is_passed() && later.verdict.is_passed() && earlier.kind < later.kind && !is_apart;
      if (is_pair && earlier.at > later.at) {
        return undecided(SubIndication::timestamp_order_failure, "timestamps_contradict",
                         base::to_rfc3339(earlier.at) + " " + base::to_rfc3339(later.at));
      }
    }
  }
  return passed();
}

Verdict validate_with_time(const ValidationRun& run, const SignatureView& view, const BasicFinding& basic,
                           const TimestampFindings& stamps) {
  Verdict verdict = basic.verdict;
  if (!verdict.is_passed() && !can_existence_help(verdict)) return verdict;
  if (const auto content = find_content_time(stamps.notes)) {
    verdict = judge_content_time(view, basic, *content);
    if (verdict.indication == Indication::total_failed) return verdict;
  }
  if (const Verdict order = check_timestamp_order(stamps.notes); !order.is_passed()) return order;
  const auto& existed = stamps.existence.signature;
  if (!existed) {
    if (run.policy.needs_timestamp && verdict.is_passed()) {
      return undecided(SubIndication::sig_constraints_failure, "timestamp_missing");
    }
    return judge_without_existence(run, view, verdict, stamps.existence.references);
  }
  const auto details = find_details(view.certificate);
  if (details && *existed < details->not_before) {
    return failed(SubIndication::not_yet_valid, "signed_before_certificate", base::to_rfc3339(details->not_before));
  }
  if (!verdict.is_passed()) {
    PastQuestion question{view.certificate, ChainPurpose::signature, verdict, *existed, {}};
    question.judge_algorithms = [&](base::Time at) { return judge_signature_algorithms(view, run.policy, at); };
    verdict = validate_past_signature(run, question);
  }
  return verdict.is_passed() ? check_delay(run.policy, view, stamps.existence) : verdict;
}

}  // namespace signature
