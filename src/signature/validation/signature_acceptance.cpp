#include "signature/validation/signature_acceptance.hpp"

#include <algorithm>

namespace signature {
namespace {

AlgorithmJudgement judge_digest_named(const ValidationPolicy& policy, const std::string& name, base::Time at) {
  const auto kind = crypto::parse_digest_kind(name);
  if (!kind) return {AlgorithmJudgement::State::never, std::nullopt, name};
  return judge_digest(policy, *kind, at);
}

/// A part of a document, if nothing covers the whole of it. nullptr: there is none.
const ScopePart* find_partial(const std::vector<ScopePart>& scope) {
  const ScopePart* found = nullptr;
  for (const ScopePart& part : scope) {
    if (part.kind == ScopePart::Kind::full) return nullptr;
    if (part.kind == ScopePart::Kind::element) found = &part;
  }
  return found;
}

}  // namespace

AlgorithmJudgement judge_signature_algorithms(const SignatureView& view, const ValidationPolicy& policy,
                                              base::Time at) {
  AlgorithmJudgement worst;
  if (!view.algorithm) return {AlgorithmJudgement::State::never, std::nullopt, view.algorithm_name};
  worst = worst_of(worst, judge_scheme(policy, view.algorithm->scheme, at));
  worst = worst_of(worst, judge_digest(policy, view.algorithm->digest, at));
  for (const std::string& one : view.digests) worst = worst_of(worst, judge_digest_named(policy, one, at));
  if (view.has_certificate_reference) worst = worst_of(worst, judge_digest(policy, view.reference_digest, at));
  if (const auto details = find_details(view.certificate)) {
    worst = worst_of(worst, judge_certificate_key(policy, *details, at));
  }
  return worst;
}

Verdict accept_signature(const SignatureView& view, const ValidationPolicy& policy, base::Time at) {
  constexpr auto constraints = SubIndication::sig_constraints_failure;
  if (!view.breach.empty()) return undecided(constraints, view.breach, view.breach_detail);
  if (!view.unknown_critical.empty()) return undecided(constraints, "property_unknown", view.unknown_critical);
  if (policy.needs_certificate_reference && !view.has_certificate_reference) {
    return undecided(constraints, "no_certificate_reference");
  }
  for (const std::string& one : view.transforms) {
    if (std::find(policy.transforms.begin(), policy.transforms.end(), one) == policy.transforms.end()) {
      return undecided(constraints, "transform_refused", one);
    }
  }
  // Right digests of nothing say nothing about the document.
  if (view.scope.empty()) return undecided(constraints, "nothing_covered");
  // Whoever hands in a document with a signature asks about that document.
  if (!view.uncovered.empty()) return undecided(constraints, "nothing_covered", view.uncovered);
  // What was signed may have been moved to where nobody looks, and something else put in its place (signature
  // wrapping).
  if (!policy.allows_partial && !view.is_counter_signature) {
    if (const ScopePart* const part = find_partial(view.scope))
      return undecided(constraints, "partial_scope", part->name);
  }
  return judge_algorithm(judge_signature_algorithms(view, policy, at));
}

}  // namespace signature
