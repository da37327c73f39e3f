#include "signature/validation/revocation_freshness.hpp"

#include <algorithm>
#include <array>

#include "crypto/certificate/revocation_list.hpp"
#include "signature/validation/memo.hpp"

namespace signature {
namespace {

using crypto::RevocationFinding;
using State = RevocationStatus::State;

constexpr std::array<std::string_view, 4> origins{"own", "embedded", "given", "fetched"};

struct Found {
  RevocationFinding finding;
  std::string from;
};

base::Bytes mark_of(const RevocationSource& source) {
  return source.mark.empty() ? crypto::sha256(source.octets) : source.mark;
}

std::optional<base::Time> begin_of_list(const RevocationSource& list) {
  static Memo<std::optional<base::Time>> memo;
  return *memo.find(MemoKey().add(mark_of(list)).finish(), [&]() -> std::optional<base::Time> {
    const auto facts = crypto::read_revocation_list(list.octets);
    if (!facts) return std::nullopt;
    return facts->this_update;
  });
}

class Search {
 public:
  Search(const ValidationRun& run, const std::vector<base::Bytes>& path, std::size_t index, base::Time control_time)
      : run_(run), path_(path), index_(index), control_time_(control_time) {}

  RevocationStatus run() {
    const auto details = find_details(path_[index_]);
    if (details && details->needs_no_revocation) {
      status_.state = State::not_needed;
      return status_;
    }
    for (const std::string_view origin : origins) search_lists(origin);
    for (const RevocationSource& one : run_.revocation) {
      if (!one.is_list) search_answer(one);
    }
    choose();
    return status_;
  }

 private:
  void search_lists(std::string_view origin) {
    std::vector<const RevocationSource*> lists;
    for (const RevocationSource& one : run_.revocation) {
      if (!one.is_list || one.from != origin) continue;
      const auto begin = begin_of_list(one);
      if (begin && *begin > run_.moment.now + clocks_differ) status_.reason = "revocation_future";
      if (begin && *begin <= run_.moment.now + clocks_differ) lists.push_back(&one);
    }
    if (lists.empty()) return;
    crypto::PathMaterial material;
    material.leaf = path_[index_];
    material.intermediates.assign(path_.begin() + static_cast<std::ptrdiff_t>(index_) + 1, path_.end());
    // An issuer of lists may have a certificate of its own.
    const std::size_t room = crypto::most_certificates - 1 - std::min(material.intermediates.size(), path_.size());
    const std::size_t more = std::min(room, run_.certificates.size());
    material.intermediates.insert(material.intermediates.end(), run_.certificates.begin(),
                                  run_.certificates.begin() + static_cast<std::ptrdiff_t>(more));
    material.anchors = {path_.back()};
    static Memo<std::optional<RevocationFinding>> memo;
    MemoKey key;
    key.add(material.leaf).add(path_.back());
    for (const base::Bytes& one : material.intermediates) key.add(one);
    key.add("lists");
    for (const RevocationSource* one : lists) key.add(mark_of(*one));
    const auto finding = memo.find(key.finish(), [&] {
      for (const RevocationSource* one : lists) material.lists.push_back(one->octets);
      return crypto::find_in_lists(material);
    });
    if (*finding) note(**finding, std::string(origin));
  }

  void search_answer(const RevocationSource& source) {
    static Memo<std::optional<RevocationFinding>> memo;
    const base::Bytes& certificate = path_[index_];
    const base::Bytes& issuer = path_[index_ + 1];
    const auto finding = memo.find(MemoKey().add(mark_of(source)).add(certificate).add(issuer).finish(),
                                   [&]() -> std::optional<RevocationFinding> {
                                     const auto read = crypto::find_in_answer(source.octets, certificate, issuer);
                                     if (!read) return std::nullopt;
                                     return *read;
                                   });
    if (*finding) note(**finding, source.from);
  }

  void note(const RevocationFinding& finding, std::string from) {
    if (finding.this_update > run_.moment.now + clocks_differ) {
      status_.reason = "revocation_future";
      return;
    }
    const bool counts = finding.digest && judge_digest(run_.policy, *finding.digest, control_time_).state ==
                                              AlgorithmJudgement::State::good;
    if (!counts) {
      status_.reason = "revocation_weak";
      return;
    }
    if (finding.state == RevocationFinding::State::unknown) {
      status_.reason = "revocation_unknown";
      return;
    }
    if (finding.state == RevocationFinding::State::good && finding.is_after_end) {
      status_.reason = "revocation_after_end";
      return;
    }
    found_.push_back({finding, std::move(from)});
  }

  [[nodiscard]] bool is_out_of_bounds(const RevocationFinding& finding) const {
    return finding.signer_until < control_time_;
  }

  // A revocation counts from whatever source; of all others the newest one, those first whose signer still counts.
  void choose() {
    const Found* best = nullptr;
    for (const Found& one : found_) {
      if (best == nullptr || is_better(one.finding, best->finding)) best = &one;
    }
    if (best == nullptr) return;
    status_.finding = best->finding;
    status_.from = best->from;
    const RevocationFinding& finding = best->finding;
    const bool is_before = finding.revoked_at && *finding.revoked_at <= control_time_;
    if (finding.state == RevocationFinding::State::revoked && is_before) {
      status_.state = State::revoked;
    } else if (finding.state == RevocationFinding::State::on_hold && is_before) {
      status_.state = State::on_hold;
    } else if (is_out_of_bounds(finding)) {
      status_.state = State::out_of_bounds;
    } else {
      const bool counts = is_fresh(run_.policy, finding.this_update, finding.next_update, control_time_);
      status_.state = counts ? State::good : State::stale;
    }
  }

  [[nodiscard]] bool is_better(const RevocationFinding& one, const RevocationFinding& best) const {
    const bool is_revoked = one.state == RevocationFinding::State::revoked;
    if (is_revoked != (best.state == RevocationFinding::State::revoked)) return is_revoked;
    if (is_revoked) return one.revoked_at < best.revoked_at;
    if (is_out_of_bounds(one) != is_out_of_bounds(best)) return is_out_of_bounds(best);
    return one.this_update > best.this_update;
  }

  const ValidationRun& run_;
  const std::vector<base::Bytes>& path_;
  std::size_t index_;
  base::Time control_time_;
  std::vector<Found> found_;
  RevocationStatus status_;
};

}  // namespace

RevocationStatus find_revocation(const ValidationRun& run, const std::vector<base::Bytes>& path, std::size_t index,
                                 base::Time control_time) {
  if (index + 1 >= path.size()) {
    RevocationStatus anchor;
    anchor.state = State::not_needed;
    return anchor;
  }
  return Search(run, path, index, control_time).run();
}

}  // namespace signature
