#include "signature/validation/timestamp_validation.hpp"

#include <algorithm>
#include <numeric>

#include "signature/validation/past_signature.hpp"

namespace signature {
namespace {

Verdict verdict_of(const crypto::TimestampFacts& facts) {
  using crypto::TimestampFlaw;
  switch (facts.flaw) {
    case TimestampFlaw::none: return passed();
    case TimestampFlaw::malformed: return failed(SubIndication::format_failure, "timestamp_malformed");
    case TimestampFlaw::no_certificate:
      return undecided(SubIndication::no_signing_certificate_found, "no_signing_certificate");
    case TimestampFlaw::wrong_certificate:
      return undecided(SubIndication::no_signing_certificate_found, "signing_certificate_differs");
    case TimestampFlaw::not_an_authority:
      return undecided(SubIndication::chain_constraints_failure, "timestamp_authority_usage");
    case TimestampFlaw::unknown_algorithm:
      return undecided(SubIndication::crypto_constraints_failure, "algorithm_unknown", facts.algorithm_name);
    case TimestampFlaw::wrong_digest: return failed(SubIndication::hash_failure, "timestamp_altered");
    case TimestampFlaw::wrong_signature: break;
  }
  return failed(SubIndication::sig_crypto_failure, "timestamp_altered");
}

// Whether it covers what it must.
Verdict check_imprint(const ReadTimestamp& stamp) {
  const auto wanted = stamp.view->find_imprint ? stamp.view->find_imprint(stamp.facts.info.digest_kind) : std::nullopt;
  if (!wanted) return undecided(SubIndication::no_poe, "timestamp_cover_unknown");
  if (!base::equal_in_constant_time(*wanted, stamp.facts.info.imprint)) {
    return failed(SubIndication::hash_failure, "timestamp_of_another");
  }
  return passed();
}

AlgorithmJudgement judge_algorithms(const crypto::TimestampFacts& facts, const ValidationPolicy& policy,
                                    base::Time at) {
  if (!facts.algorithm) return {AlgorithmJudgement::State::never, std::nullopt, facts.algorithm_name};
  AlgorithmJudgement worst = judge_scheme(policy, facts.algorithm->scheme, at);
  worst = worst_of(worst, judge_digest(policy, facts.algorithm->digest, at));
  worst = worst_of(worst, judge_digest(policy, facts.info.digest_kind, at));
  worst = worst_of(worst, judge_digest(policy, facts.reference_digest, at));
  if (const auto details = find_details(facts.certificate)) {
    worst = worst_of(worst, judge_certificate_key(policy, *details, at));
  }
  return worst;
}

Verdict check_policy(const ValidationRun& run, const crypto::TimestampFacts& facts) {
  const auto& allowed = run.policy.timestamp_policies;
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), facts.info.policy) == allowed.end()) {
    return undecided(SubIndication::sig_constraints_failure, "timestamp_policy", facts.info.policy);
  }
  if (facts.info.at > run.moment.now + clocks_differ) {
    return undecided(SubIndication::sig_constraints_failure, "timestamp_future", base::to_rfc3339(facts.info.at));
  }
  return passed();
}

TimestampNote note_of(const ReadTimestamp& stamp) {
  TimestampNote note;
  note.kind = stamp.view->kind;
  note.at = stamp.facts.info.at;
  note.policy = stamp.facts.info.policy;
  if (const auto details = find_details(stamp.facts.certificate)) {
    note.authority = details->common_name.empty() ? details->subject : details->common_name;
  }
  return note;
}

}  // namespace

std::vector<ReadTimestamp> read_timestamps(const SignatureView& view, ValidationRun& run) {
  std::vector<ReadTimestamp> all;
  for (const TimestampView& one : view.timestamps) {
    ReadTimestamp& read = all.emplace_back();
    read.view = &one;
    read.facts = crypto::read_timestamp_token(one.token, run.certificates);
  }
  for (const ReadTimestamp& one : all) {
    for (const base::Bytes& certificate : one.facts.certificates) {
      if (std::find(run.certificates.begin(), run.certificates.end(), certificate) == run.certificates.end()) {
        run.certificates.push_back(certificate);
      }
    }
    for (const base::Bytes& list : one.facts.lists) run.revocation.push_back({list, true, "embedded"});
    for (const base::Bytes& answer : one.facts.ocsp_answers) run.revocation.push_back({answer, false, "embedded"});
  }
  return all;
}

Verdict validate_timestamp(ValidationRun& run, const ReadTimestamp& stamp) {
  Verdict verdict = verdict_of(stamp.facts);
  if (verdict.is_passed()) verdict = check_imprint(stamp);
  if (verdict.is_passed()) verdict = check_policy(run, stamp.facts);
  if (verdict.is_passed()) {
    verdict = validate_chain(run, stamp.facts.certificate, ChainPurpose::time_stamp, run.moment.at).verdict;
  }
  if (verdict.is_passed()) verdict = judge_algorithm(judge_algorithms(stamp.facts, run.policy, run.moment.at));
  return verdict;
}

TimestampFindings validate_timestamps(ValidationRun& run, const std::vector<ReadTimestamp>& all) {
  TimestampFindings findings;
  std::vector<StampedAt> stamps;
  for (const ReadTimestamp& one : all) {
    findings.notes.push_back(note_of(one));
    StampedAt& stamp = stamps.emplace_back(StampedAt{one.view->kind, one.facts.info.at});
    for (std::size_t i = 0; one.view->covers && i < all.size(); ++i) {
      if (one.view->covers(all[i].view->token)) stamp.covers.push_back(i);
    }
  }
  findings.existence.timestamps.resize(all.size());
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return stamps[a].at > stamps[b].at; });
  for (const std::size_t i : order) {
    Verdict& verdict = findings.notes[i].verdict;
    verdict = validate_timestamp(run, all[i]);
    const auto& existed = findings.existence.timestamps[i];
    if (existed && can_existence_help(verdict)) {
      PastQuestion question{all[i].facts.certificate, ChainPurpose::time_stamp, verdict, *existed, {}};
      question.judge_algorithms = [&](base::Time at) { return judge_algorithms(all[i].facts, run.policy, at); };
      verdict = validate_past_signature(run, question);
    }
    if (verdict.is_passed()) extract_existence(stamps, i, findings.existence);
  }
  return findings;
}

}  // namespace signature
