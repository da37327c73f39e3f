#include "signature/validation/level.hpp"

#include <algorithm>

namespace signature {
namespace {

using Kind = TimestampNote::Kind;

// Passed if one of that kind did; otherwise why the first one did not.
Verdict find_stamp(const std::vector<TimestampNote>& notes, bool is_for_archive) {
  Verdict first = undecided(SubIndication::no_poe, "timestamp_missing_for_level");
  bool is_first = true;
  for (const TimestampNote& one : notes) {
    const bool counts = one.kind == Kind::archive || (!is_for_archive && one.kind == Kind::signature);
    if (!counts) continue;
    if (one.verdict.is_passed()) return passed();
    if (is_first) first = one.verdict;
    is_first = false;
  }
  return first;
}

// Whether something is known about each certificate.
Verdict find_answers(const BasicFinding& basic) {
  if (basic.chain.path.empty()) {
    return basic.chain.verdict.is_passed() ? undecided(SubIndication::try_later, "revocation_missing")
                                           : basic.chain.verdict;
  }
  const auto unknown = std::find_if(basic.chain.notes.begin(), basic.chain.notes.end(),
                                    [](const CertificateNote& note) { return note.revocation == "unknown"; });
  if (unknown == basic.chain.notes.end()) return passed();
  return undecided(SubIndication::try_later, "revocation_missing", unknown->subject);
}

}  // namespace

void judge_level(const SignatureView& view, const BasicFinding& basic, const TimestampFindings& stamps,
                 SignatureReport& report) {
  report.level.clear();
  if (!view.is_baseline) return;
  Level held = Level::b;
  Verdict flaw = view.level >= Level::t ? find_stamp(stamps.notes, false) : passed();
  if (flaw.is_passed() && view.level >= Level::t) {
    held = Level::t;
    flaw = view.level >= Level::lt ? find_answers(basic) : passed();
    if (flaw.is_passed() && view.level >= Level::lt) {
      held = Level::lt;
      flaw = view.level == Level::lta ? find_stamp(stamps.notes, true) : passed();
      if (flaw.is_passed()) held = view.level;
    }
  }
  report.level = name_of(held);
  if (held == view.level) return;
  report.claimed_level = name_of(view.level);
  report.level_flaw = flaw;
}

}  // namespace signature
